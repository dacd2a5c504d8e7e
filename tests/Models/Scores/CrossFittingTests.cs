using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Tests.Scores;

public sealed class CrossFittingTests
{
    private const int Width = 30;

    [Theory]
    [InlineData("Whitened")]
    [InlineData("Whitened,NearestNormal")]
    [InlineData("Reconstruction,LatentDistance,NearestResidual,Likelihood")]
    public void HeldOutScores_ThresholdAtOnePercent_AlertsOnAboutOnePercentOfUnseenRows(string scores)
    {
        // 600 held-out rows put the threshold of one fit anywhere within a third of a percent; the mean over fits shows a bias.
        var rates = Enumerable.Range(1, 8).Select(seed => AlertRate(scores, seed)).ToArray();

        Assert.InRange(rates.Average(), 0.007, 0.014);
    }

    [Fact]
    public void HeldOutScores_FewerRowsThanFeatures_AreLikeThoseOfUnseenRows()
    {
        var set = SyntheticRows.Manifold(5200, Width, 4, 0.3, 3);
        var model = Train(set, 200, "Whitened", 3);

        var unseen = Score(model, set, 200, 5000);

        // Scored by the covariance they went into, the 20 held-out rows would lie far below.
        Assert.Equal(20, model.HeldOutScores!.Count);
        Assert.InRange(model.HeldOutScores.Average() / unseen.Average(), 0.75, 1.5);
    }

    private static double AlertRate(string scores, int seed)
    {
        const int known = 2000;
        var set = SyntheticRows.Manifold(known + 20_000, Width, 4, 0.3, (ulong)seed);
        var model = Train(set, known, scores, seed);
        var heldOut = model.HeldOutScores!.Order().ToArray();
        var threshold = heldOut[(int)(0.99 * heldOut.Length)];
        return Score(model, set, known, 20_000).Count(score => score >= threshold) / 20_000.0;
    }

    private static TrainedModel Train(TrainingSet set, int rows, string scores, int seed)
    {
        var options = new AutoencoderOptions { Hidden = [16], Latent = 4, Scores = [.. scores.Split(',').Select(Enum.Parse<ScoreKind>)], MemoryRows = 200 };
        return ModelTrainer.Train(
            new TrainingSet(set.Layout, set.Values, rows),
            options,
            new TrainingOptions { MaxSteps = 150, HeldOutShare = rows > 500 ? 0.3 : 0.1, Seed = seed, LearningRate = 0.01 },
            TimeProvider.System);
    }

    private static float[] Score(TrainedModel model, TrainingSet set, int first, int count)
    {
        var frozen = model.Freeze();
        var scores = new float[count];
        frozen.Score(set.Values.AsSpan(first * Width, count * Width), [], scores, frozen.CreateScratch());
        return scores;
    }
}

using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.References;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Masked;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Tests.Variants.Masked;

public sealed class MaskedAutoencoderTests
{
    private const int Width = 5;

    private static readonly double[,] Covariance =
    {
        { 1.0, 0.8, 0.3, 0.0, -0.4 },
        { 0.8, 1.0, 0.5, 0.1, -0.2 },
        { 0.3, 0.5, 1.0, 0.6, 0.2 },
        { 0.0, 0.1, 0.6, 1.0, 0.5 },
        { -0.4, -0.2, 0.2, 0.5, 1.0 },
    };

    [Fact]
    public void Explain_GaussianOfKnownCovariance_ExpectsTheConditionalMean()
    {
        var set = GaussianRows.Draw(Covariance, 8000, seed: 121);
        var model = ModelTrainer.Train(set, new MaskedAutoencoderOptions(), new TrainingOptions { MaxSteps = 2000, TrimShare = 0 }, TimeProvider.System);
        var fresh = GaussianRows.Draw(Covariance, 300, seed: 122);

        AssertConditionalMeans(model, fresh, missing: null);
        AssertConditionalMeans(model, fresh, missing: 2);
    }

    [Fact]
    public void Score_AnyBatchAndVectorWidth_GivesTheSameBits()
    {
        var set = SyntheticRows.Mixed(200, missingShare: 0.1, seed: 123);
        var network = TestNetworks.Create<MaskedAutoencoder>(new MaskedAutoencoderOptions { Hidden = [33], Latent = 17 }, set);
        var model = network.Freeze();
        var scores = Scores(model, 0, 200);
        for (var row = 0; row < 200; row += 7)
            Assert.Equal(scores[row], Scores(model, row, 1)[0]);

        var layers = DenseFreezer.Layers(Stack("encoder"), Stack("decoder"), Activation.Relu);
        float[] weights = [.. Enumerable.Repeat(1f, set.Layout.BlockCount)];
        foreach (var width in Enum.GetValues<VectorWidth>())
            Assert.Equal(scores, Scores(FrozenMaskedModel.Create(set.Layout, weights, layers, 1, width), 0, 200));

        float[] Scores(FrozenModel frozen, int first, int count)
        {
            var found = new float[count];
            frozen.Score(
                set.Values.AsSpan(first * set.Layout.Width, count * set.Layout.Width),
                set.Missing.AsSpan(first * set.Layout.BlockCount, count * set.Layout.BlockCount),
                found,
                frozen.CreateScratch());
            return found;
        }

        Models.Modules.Mlp Stack(string name)
        {
            var stored = new Models.Modules.ParameterSet(
                network.Parameters.Device,
                new Models.Persistence.StoredTensors("memory", network.Parameters.All.Select(parameter =>
                    new Models.Persistence.StoredTensor(parameter.Name, parameter.Value.Shape.ToArray(), parameter.Value.ToArray()))));
            int[] widths = name == "encoder" ? [set.Layout.Width + set.Layout.BlockCount, 33, 17] : [17, 33, set.Layout.Width];
            return new Models.Modules.Mlp(stored, name, widths, new Models.Randomness.SeededRandom(0));
        }
    }

    [Fact]
    public void Score_HiddenValue_DoesNotReachItsOwnExpectation()
    {
        var set = GaussianRows.Draw(Covariance, 50, seed: 124);
        var frozen = TestNetworks.Create<MaskedAutoencoder>(new MaskedAutoencoderOptions { Hidden = [16], Latent = 16 }, set).Freeze();
        var row = set.Values.AsSpan(0, Width).ToArray();
        var before = Expected(row);
        row[3] += 5;
        var after = Expected(row);
        Assert.Equal(before[3], after[3]);
        Assert.NotEqual(before[2], after[2]);

        float[] Expected(float[] values)
        {
            var expected = new float[Width];
            frozen.Explain(values, [], new float[Width], expected, new float[16], frozen.CreateScratch());
            return expected;
        }
    }

    private static void AssertConditionalMeans(TrainedModel model, TrainingSet fresh, int? missing)
    {
        // The network itself hides a missing field; completed, the others would follow from what was filled in.
        var frozen = model.Freeze().WithoutCompletion;
        var flags = new byte[Width];
        if (missing is { } index)
            flags[index] = 1;
        var squares = new double[Width];
        for (var row = 0; row < fresh.Rows; row++)
        {
            var values = fresh.Values.AsSpan(row * Width, Width).ToArray();
            var expected = new float[Width];
            frozen.Explain(values, flags, new float[Width], expected, new float[frozen.LatentWidth], frozen.CreateScratch());
            for (var target = 0; target < Width; target++)
            {
                int[] given = [.. Enumerable.Range(0, Width).Where(j => j != target && j != missing)];
                squares[target] += Math.Pow(expected[target] - GaussianReference.ConditionalMean(Covariance, target, given, j => values[j]), 2);
            }
        }

        // Features have variance 1; the conditional means themselves vary by 0.6 to 0.9.
        Assert.All(squares, sum => Assert.True(Math.Sqrt(sum / fresh.Rows) < 0.12, $"Root mean square distances to the conditional means: {string.Join(", ", squares.Select(s => Math.Sqrt(s / fresh.Rows)))}."));
    }
}

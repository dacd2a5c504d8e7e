using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Tests.Training;

public sealed class ModelTrainerTests
{
    public static TheoryData<string> Variants => [.. VariantCatalog.All.Select(variant => variant.Name)];

    // The rows have no order for the others to learn.
    public static TheoryData<string> RecordVariants =>
        [.. VariantCatalog.All.Select(variant => variant.Name).Where(name => SequenceOptions.WindowOf(VariantCatalog.CreateOptions(name)) == 1)];

    [Theory]
    [MemberData(nameof(RecordVariants))]
    public void Train_MixedRowsWithMissingFields_ScoresBrokenRelationsHigher(string variant)
    {
        var set = SyntheticRows.Mixed(2000, missingShare: 0.05, seed: 3);
        var model = ModelTrainer.Train(set, TestedVariants.Options(variant), new TrainingOptions { MaxSteps = 800 }, TimeProvider.System);

        var fresh = SyntheticRows.Mixed(400, missingShare: 0, seed: 4);
        var normal = Scores(model, fresh);
        for (var row = 0; row < fresh.Rows; row++)
        {
            // The second category belongs to another kind of row, and the flag contradicts its feature.
            var x = fresh.Values.AsSpan(row * fresh.Layout.Width, fresh.Layout.Width);
            var kind = x.Slice(6, 3).IndexOf(1f);
            x[9..16].Clear();
            x[9 + (((kind + 1) % 3) * 2)] = 1;
            x[5] = 1 - x[5];
        }

        var broken = Scores(model, fresh);
        var wins = normal.Zip(broken).Count(pair => pair.Second > pair.First);

        // A plane holds only the linear part of these relations.
        var needed = variant == "linear" ? 360 : 380;
        Assert.True(wins > needed, $"{wins} of 400 broken rows scored higher than their originals.");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Train_SameArguments_GivesTheSameBits(string variant)
    {
        var set = SyntheticRows.For(variant, SyntheticRows.Mixed(500, missingShare: 0.1, seed: 5));
        TrainedModel Train(int seed) => ModelTrainer.Train(set, TestedVariants.Options(variant), new TrainingOptions { MaxSteps = 80, Seed = seed }, TimeProvider.System);
        var (first, second, other) = (Train(1), Train(1), Train(2));

        Assert.Equal(first.Network.Parameters.Snapshot(), second.Network.Parameters.Snapshot());
        Assert.Equal(first.HeldOutRows, second.HeldOutRows);
        Assert.NotEqual(first.Network.Parameters.Snapshot(), other.Network.Parameters.Snapshot());
    }

    [Fact]
    public void Train_HeldOutShare_SplitsRowsWithoutOverlap()
    {
        var set = SyntheticRows.Manifold(1000, 5, 2, 0.1, seed: 6);
        var model = ModelTrainer.Train(
            set, new AutoencoderOptions(), new TrainingOptions { MaxSteps = 60, HeldOutShare = 0.3 }, TimeProvider.System);

        Assert.Equal(300, model.HeldOutRows.Count);
        Assert.Equal(300, model.HeldOutRows.Distinct().Count());
        Assert.Equal(model.HeldOutRows.Order(), model.HeldOutRows);
        Assert.All(model.HeldOutRows, row => Assert.InRange(row, 0, 999));
        Assert.Equal((700, 300), (model.Report.TrainingRows, model.Report.HeldOutRows));
    }

    [Fact]
    public void Train_HeldOutRowsReplaced_LearnsTheSameFromTheRest()
    {
        var set = SyntheticRows.Manifold(400, 5, 2, 0.1, seed: 7);
        var options = new TrainingOptions { MaxSteps = 100, Patience = 0 };
        var original = ModelTrainer.Train(set, new AutoencoderOptions(), options, TimeProvider.System);
        var replaced = (float[])set.Values.Clone();
        foreach (var row in original.HeldOutRows)
            replaced.AsSpan(row * 5, 5).Fill(0.25f);

        var other = ModelTrainer.Train(new TrainingSet(set.Layout, replaced, 400), new AutoencoderOptions(), options, TimeProvider.System);

        Assert.Equal(original.Report.TrainingLoss, other.Report.TrainingLoss);
        Assert.NotEqual(original.Report.HeldOutLoss, other.Report.HeldOutLoss);
    }

    [Fact]
    public void Train_FiftyRows_StopsEarlyAndStillTellsOutliersApart()
    {
        var set = SyntheticRows.Manifold(50, 6, 2, 0.05, seed: 8);
        var model = ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions(), TimeProvider.System);

        var normal = Scores(model, SyntheticRows.Manifold(200, 6, 2, 0.05, seed: 9));
        var noise = Scores(model, SyntheticRows.Manifold(200, 6, 2, 2.0, seed: 10));
        Assert.True(Median(noise) > 3 * Median(normal), $"Median score of noise {Median(noise)}, of normal rows {Median(normal)}.");
        Assert.Equal(10, model.HeldOutRows.Count);
    }

    [Fact]
    public void Train_PatienceRunsOut_KeepsTheWeightsOfTheBestMeasurement()
    {
        var set = SyntheticRows.Manifold(120, 10, 8, 0.5, seed: 13);
        var reports = new List<TrainingProgress>();
        var model = ModelTrainer.Train(
            set, new AutoencoderOptions(), new TrainingOptions { Patience = 3, TrimShare = 0 }, TimeProvider.System, new Recorder(reports.Add));

        Assert.True(model.Report.StoppedEarly);
        Assert.Equal(model.Report.BestStep + 150, model.Report.Steps);
        Assert.Equal(reports.Min(report => report.HeldOutLoss), model.Report.HeldOutLoss);
        Assert.Equal(reports.MinBy(report => report.HeldOutLoss).Step, model.Report.BestStep);
        var scores = Scores(model, set);
        Assert.Equal(model.Report.HeldOutLoss, model.HeldOutRows.Average(row => (double)scores[row]), 1e-4 * model.Report.HeldOutLoss);
    }

    [Fact]
    public void Train_PlantedOutliers_TrimmingKeepsThemFromBeingLearned()
    {
        var set = SyntheticRows.Manifold(2000, 8, 2, 0.05, seed: 11);
        var random = new SeededRandom(12);
        for (var row = 0; row < 40; row++)
        {
            // A tight cluster off the manifold: easy to learn, if learning it is allowed.
            for (var j = 0; j < 8; j++)
                set.Values[(row * 50 * 8) + j] = (float)((j % 2 == 0 ? 6 : -6) + (0.1 * random.NextNormal()));
        }

        var plain = ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions { TrimShare = 0, MaxSteps = 800 }, TimeProvider.System);
        var robust = ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions { TrimShare = 0.05, MaxSteps = 800 }, TimeProvider.System);

        var outlier = new float[8];
        for (var j = 0; j < 8; j++)
            outlier[j] = j % 2 == 0 ? 6 : -6;
        var plainScore = Scores(plain, new TrainingSet(set.Layout, outlier, 1))[0];
        var robustScore = Scores(robust, new TrainingSet(set.Layout, outlier, 1))[0];
        Assert.True(robustScore > 10 * plainScore, $"The outlier scores {robustScore} with trimming and {plainScore} without.");
    }

    [Fact]
    public void Train_TooFewRows_SaysHowManyAreNeeded()
    {
        var set = SyntheticRows.Manifold(19, 4, 2, 0.1, seed: 1);
        var error = Assert.Throws<ArgumentException>(
            () => ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions(), TimeProvider.System));
        Assert.StartsWith("Training needs at least 20 rows; found 19.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_NotFiniteValue_NamesRowAndFeature()
    {
        var set = SyntheticRows.Manifold(30, 4, 2, 0.1, seed: 1);
        set.Values[(7 * 4) + 2] = float.NaN;
        var error = Assert.Throws<ArgumentException>(
            () => ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions(), TimeProvider.System));
        Assert.StartsWith("Row 7, feature 2 of the training set is NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_EverythingOutOfRange_ListsEveryOption()
    {
        var set = SyntheticRows.Manifold(50, 4, 2, 0.1, seed: 1);
        var options = new TrainingOptions
        {
            BatchSize = 0,
            GradientClipNorm = -1,
            HeldOutShare = 0.9,
            LearningRate = 0,
            MaxSteps = 0,
            Patience = -1,
            TrimShare = 0.6,
            WeightDecay = -1,
        };
        var error = Assert.Throws<ArgumentException>(() => ModelTrainer.Train(set, new AutoencoderOptions(), options, TimeProvider.System));
        foreach (var name in typeof(TrainingOptions).GetProperties().Select(property => property.Name).Where(name => name != nameof(TrainingOptions.Seed)))
            Assert.Contains(name, error.Message, StringComparison.Ordinal);

        var widths = Assert.Throws<ArgumentException>(() => ModelTrainer.Train(
            set, new AutoencoderOptions { Hidden = [0], Latent = 0 }, new TrainingOptions(), TimeProvider.System));
        Assert.Contains("Hidden", widths.Message, StringComparison.Ordinal);
        Assert.Contains("Latent", widths.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_LossOverflows_ThrowsTrainingFailed()
    {
        var set = SyntheticRows.Manifold(100, 4, 2, 0.1, seed: 1);
        set.Values.AsSpan().Fill(3e38f);
        var error = Assert.Throws<TrainingFailedException>(
            () => ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions(), TimeProvider.System));
        Assert.Contains("step 0 of 2000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Cancelled_StopsBetweenSteps()
    {
        var set = SyntheticRows.Manifold(200, 4, 2, 0.1, seed: 1);
        using var cancellation = new CancellationTokenSource();
        var seen = new List<TrainingProgress>();
        var progress = new Recorder(report =>
        {
            seen.Add(report);
            cancellation.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() => ModelTrainer.Train(
            set, new AutoencoderOptions(), new TrainingOptions(), TimeProvider.System, progress, cancellation.Token));
        var only = Assert.Single(seen);
        Assert.Equal(50, only.Step);
        Assert.True(double.IsFinite(only.TrainingLoss) && double.IsFinite(only.HeldOutLoss));
    }

    internal static float[] Scores(TrainedModel model, TrainingSet set) => Scores(model.Freeze(), set);

    internal static float[] Scores(FrozenModel frozen, TrainingSet set)
    {
        var scores = new float[set.Rows];
        var rows = new float[set.Rows * set.Window * set.Layout.Width];
        var missing = set.Missing is null ? [] : new byte[set.Rows * set.Window * set.Layout.BlockCount];
        for (var row = 0; row < set.Rows; row++)
        {
            var (width, blocks) = (set.Window * set.Layout.Width, set.Window * set.Layout.BlockCount);
            set.Values.AsSpan(set.FirstRecord(row) * set.Layout.Width, width).CopyTo(rows.AsSpan(row * width));
            set.Missing?.AsSpan(set.FirstRecord(row) * set.Layout.BlockCount, blocks).CopyTo(missing.AsSpan(row * blocks));
        }

        frozen.Score(rows, missing, scores, frozen.CreateScratch());
        return scores;
    }

    private static float Median(float[] values) => values.Order().ElementAt(values.Length / 2);

    private sealed class Recorder(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}

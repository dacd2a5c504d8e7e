using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Sequences;
using AEAnomaly.TestKit;

namespace AEAnomaly.Models.Tests.Variants;

public sealed class SequenceVariantTests
{
    public static TheoryData<string> Variants => ["conv", "recurrent", "td-vae"];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Score_ReversedPeriod_IsFoundThoughEachRecordIsNormal(string variant)
    {
        var found = Separation(variant, SyntheticWaves.Period);
        var blind = Separation("ae", 1);
        Assert.True(found > 0.99, $"AUC of {variant}: {found}.");
        Assert.True(blind < 0.6, $"AUC of ae, which cannot see an order: {blind}.");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Score_LastRecordExtreme_IsFoundWithOneScoredRecordToo(string variant)
    {
        var options = Options(variant, 8);
        if (options is SequenceReconstructionOptions reconstruction)
            reconstruction.ScoredRecords = 1;
        var model = Train(options, SyntheticWaves.Draw(1500, 1));
        var records = SyntheticWaves.Draw(200, 2);
        var before = ModelTrainerTests.Scores(model, SyntheticRows.Windows(records, 8));
        records.Values[2 * 107] += 4;
        var after = ModelTrainerTests.Scores(model, SyntheticRows.Windows(records, 8));

        Assert.True(after[100] > 3 * before[100], $"The window that ends at the changed record scored {before[100]}, then {after[100]}.");
        Assert.Equal(before[..100], after[..100]);
        Assert.Equal(before[108..], after[108..]);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Score_AnyBatchSize_GivesTheSameBits(string variant)
    {
        var set = SyntheticRows.Mixed(120, missingShare: 0.1, seed: 23);
        var model = Train(Options(variant, 7), set);
        var frozen = model.Freeze();
        var all = ModelTrainerTests.Scores(model, SyntheticRows.Windows(set, 7));
        var scratch = frozen.CreateScratch();
        var (width, blocks) = (set.Layout.Width, set.Layout.BlockCount);
        var one = new float[1];
        for (var row = 0; row < all.Length; row++)
        {
            frozen.Score(set.Values.AsSpan(row * width, 7 * width), set.Missing.AsSpan(row * blocks, 7 * blocks), one, scratch);
            Assert.Equal(all[row], one[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Explain_Window_GivesTheSameBitsAndTheLastRecordsValues(string variant)
    {
        var set = SyntheticWaves.Draw(1500, 3);
        var model = Train(Options(variant, 8), set);
        var frozen = model.Freeze();
        var scratch = frozen.CreateScratch();
        var (contributions, expected, latent, score) = (new float[2], new float[2], new float[frozen.LatentWidth], new float[1]);
        var window = set.Values.AsSpan(100, 16);

        var explained = frozen.Explain(window, [], contributions, expected, latent, scratch);
        frozen.Score(window, [], score, scratch);

        Assert.Equal(score[0], explained);
        Assert.Equal(explained, contributions.Sum(), 1e-4f * explained);
        Assert.Equal(window[14], expected[0], 0.5f);
        Assert.Contains(latent, value => value != 0);
        if (variant != "td-vae")
            Assert.All(latent, value => Assert.InRange(value, -1, 1));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Score_SteadyState_AllocatesNothing(string variant)
    {
        var set = SyntheticRows.Mixed(120, missingShare: 0.1, seed: 24);
        var frozen = Train(Options(variant, 8), set).Freeze();
        var scratch = frozen.CreateScratch();
        var scores = new float[10];
        var (rows, flags) = (set.Values.AsMemory(0, 80 * set.Layout.Width), set.Missing.AsMemory(0, 80 * set.Layout.BlockCount));

        Assert.Equal(0, Allocations.InSteadyState(() => frozen.Score(rows.Span, flags.Span, scores, scratch)));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Train_Windows_HoldsOutRunsThatShareNoRecordWithTheRest(string variant)
    {
        var set = SyntheticRows.Windows(SyntheticWaves.Draw(800, 4), 8);
        var model = ModelTrainer.Train(set, Options(variant, 8), new TrainingOptions { MaxSteps = 1 }, TimeProvider.System);

        var heldOut = model.HeldOutRows.SelectMany(row => Enumerable.Range(row, 8)).ToHashSet();
        var apart = Enumerable.Range(0, set.Rows).Count(row => !Enumerable.Range(row, 8).Any(heldOut.Contains));
        Assert.Equal((int)Math.Round(set.Rows * 0.2), model.HeldOutRows.Count);
        Assert.Equal(apart, model.Report.TrainingRows);
        Assert.InRange(apart, set.Rows / 2, set.Rows - model.HeldOutRows.Count);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Train_WrongWindows_AreRefusedWithBothLengths(string variant)
    {
        var records = SyntheticWaves.Draw(100, 5);
        Assert.Contains("windows of 16 records; the rows of the training set hold 1", Refusal(records, Options(variant, 16)), StringComparison.Ordinal);
        Assert.Contains(
            "windows of 1 records; the rows of the training set hold 16", Refusal(SyntheticRows.Windows(records, 16), new AutoencoderOptions()), StringComparison.Ordinal);
        Assert.Contains(
            "at least 20 are needed. Give more records", Refusal(SyntheticRows.Windows(records, 64), Options(variant, 64)), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_TooManyLayersForTheWindow_AreRefused()
    {
        var options = new ConvolutionalAutoencoderOptions { Window = 4, Hidden = [8, 8, 8] };
        Assert.Contains("Raise the window", Refusal(SyntheticRows.Windows(SyntheticWaves.Draw(100, 6), 4), options), StringComparison.Ordinal);
        Assert.Contains(
            "one hidden width",
            Refusal(SyntheticRows.Windows(SyntheticWaves.Draw(100, 6), 4), new RecurrentAutoencoderOptions { Window = 4, Hidden = [8, 8] }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(7, 2)]
    [InlineData(33, 3)]
    public void Train_OddWindows_ReconstructTheirLength(int window, int layers)
    {
        var options = new ConvolutionalAutoencoderOptions { Window = window, Hidden = [.. Enumerable.Repeat(8, layers)] };
        var set = SyntheticRows.Windows(SyntheticWaves.Draw(600, 7), window);
        var model = Train(options, SyntheticWaves.Draw(600, 7));
        var batch = new BatchSource(model.Network.Parameters.Device, set).Gather([.. Enumerable.Range(0, 20)]);
        Assert.Equal(20, model.Network.Scores(batch).Count);
        Assert.All(ModelTrainerTests.Scores(model, set), score => Assert.InRange(score, 0, 20));
    }

    [Fact]
    public void TrainingSet_WindowBeyondTheRecords_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new TrainingSet(FeatureLayout.AllReal(1), new float[10], 10, null, 4, [0, 7]));
        Assert.Contains("Window 1 of 4 records begins at 7", error.Message, StringComparison.Ordinal);
    }

    private static SequenceOptions Options(string variant, int window)
    {
        var options = (SequenceOptions)VariantCatalog.CreateOptions(variant);
        options.Window = window;
        return options;
    }

    private static TrainedModel Train(VariantOptions options, TrainingSet records, int steps = 400)
    {
        var window = SequenceOptions.WindowOf(options);
        return ModelTrainer.Train(
            window == 1 ? records : SyntheticRows.Windows(records, window), options, new TrainingOptions { MaxSteps = steps }, TimeProvider.System);
    }

    private static string Refusal(TrainingSet set, VariantOptions options) =>
        Assert.Throws<ArgumentException>(() => ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 10 }, TimeProvider.System)).Message;

    // The share of pairs in which what belongs to a reversed period scores above what belongs to a normal one: the window over it, or each of its records.
    private static double Separation(string variant, int window)
    {
        const int Period = SyntheticWaves.Period;
        var options = VariantCatalog.CreateOptions(variant);
        if (options is SequenceOptions sequence)
            sequence.Window = window;
        var model = Train(options, SyntheticWaves.Draw(3000, 8), 800);
        var records = SyntheticWaves.Draw(100 * Period, 9);
        for (var period = 3; period < 100; period += 5)
            SyntheticWaves.Reverse(records, period * Period);
        var all = ModelTrainerTests.Scores(model, window == 1 ? records : SyntheticRows.Windows(records, window));
        var scores = all.Index().Where(score => window == 1 || score.Index % Period == 0).ToLookup(score => score.Index / Period % 5 == 3, score => score.Item);
        return scores[true].Average(reversed => scores[false].Average(normal => reversed > normal ? 1.0 : reversed == normal ? 0.5 : 0));
    }
}

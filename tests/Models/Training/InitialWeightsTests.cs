using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Tests.Training;

public sealed class InitialWeightsTests
{
    private const int Width = 5;

    // An ensemble begins from nothing; cross-domain needs fields with names. Both have a test of their own.
    public static TheoryData<string> ReorderedVariants => [.. VariantCatalog.All.Select(variant => variant.Name).Except(["ensemble", "cross-domain"])];

    [Theory]
    [MemberData(nameof(ReorderedVariants))]
    public void Train_FeaturesInAnotherOrder_BeginsWithTheSameReconstructions(string variant)
    {
        var set = SyntheticRows.For(variant, SyntheticRows.Manifold(300, Width, 2, 0.1, seed: 401));
        var source = ModelTrainer.Train(set, VariantCatalog.CreateOptions(variant), new TrainingOptions { MaxSteps = 30 }, TimeProvider.System);

        // A flow transforms all of its features together, so it is taken over only in their order.
        var canReorder = source.Network.FeatureAxes is { } axes && !axes.Any(axis => axis.IsWhole);
        int[] order = canReorder ? [3, 0, 4, 1, 2] : [0, 1, 2, 3, 4];
        var still = new TrainingOptions { MaxSteps = 1, LearningRate = 1e-7, WeightDecay = 0 };
        var begun = ModelTrainer.Train(Reorder(set, order), VariantCatalog.CreateOptions(variant), still, new FitContext(TimeProvider.System, Initial: new InitialWeights(source, order, order)));

        Assert.Equal(Width, begun.Reuse!.Features);
        Assert.Equal(begun.Reuse.AllLayers, begun.Reuse.Layers);
        var window = set.Window;
        for (var row = 0; row < 20; row++)
        {
            float[] values = [.. set.Values.AsSpan(row * Width, window * Width)];
            float[] reordered = [.. Enumerable.Range(0, window * Width).Select(i => values[(i / Width * Width) + order[i % Width]])];
            var (expected, found) = (Expected(source, values), Expected(begun, reordered));
            for (var j = 0; j < Width; j++)
                Assert.Equal(expected[order[j]], found[j], 2e-3f);
        }
    }

    [Fact]
    public void Train_CrossDomainWithTheSameFields_TakesEveryLayerOver()
    {
        var set = SyntheticRows.Mixed(300, missingShare: 0, seed: 405);
        var options = TestedVariants.Options("cross-domain");
        var source = ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 2 }, TimeProvider.System);

        var begun = ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 1 }, new FitContext(TimeProvider.System, Initial: AllOf(source)));

        Assert.Equal((set.Layout.Width, begun.Reuse!.AllLayers), (begun.Reuse.Features, begun.Reuse.Layers));
    }

    [Fact]
    public void Train_Ensemble_SaysThatItCannotBeginFromAModel()
    {
        var set = SyntheticRows.Mixed(100, missingShare: 0, seed: 406);
        var options = TestedVariants.Options("ensemble");
        var source = ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 1 }, TimeProvider.System);

        var error = Assert.Throws<ArgumentException>(
            () => ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 1 }, new FitContext(TimeProvider.System, Initial: AllOf(source))));

        Assert.Contains("'ensemble' cannot begin from a stored model", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ae")]
    [InlineData("denoising")]
    [InlineData("vae")]
    [InlineData("hierarchical-vae")]
    [InlineData("masked")]
    public void Train_FewRowsOfARelatedTable_GetsFurtherThanFromRandomWeights(string variant)
    {
        // The related table lacks the first two columns and has one of its own.
        const int Columns = 12;
        var source = ModelTrainer.Train(
            SyntheticRows.Manifold(3000, Columns, 3, 0.1, seed: 402), VariantCatalog.CreateOptions(variant), new TrainingOptions { MaxSteps = 600 }, TimeProvider.System);
        int[] columns = [.. Enumerable.Range(2, Columns - 2), -1];
        var few = Select(SyntheticRows.Manifold(120, Columns, 3, 0.1, seed: 403), columns, seed: 404);
        var options = new TrainingOptions { MaxSteps = 25, BatchSize = 32, Patience = 0 };

        var begun = ModelTrainer.Train(few, VariantCatalog.CreateOptions(variant), options, new FitContext(TimeProvider.System, Initial: new InitialWeights(source, columns, columns)));
        var fresh = ModelTrainer.Train(few, WidthsOf(source), options, TimeProvider.System);

        Assert.Equal((Columns - 2, Columns - 1), (begun.Reuse!.Features, begun.Reuse.AllFeatures));
        Assert.Null(fresh.Reuse);
        Assert.True(
            begun.Report.HeldOutLoss < 0.9 * fresh.Report.HeldOutLoss,
            $"{variant}: held-out loss {begun.Report.HeldOutLoss} from the model, {fresh.Report.HeldOutLoss} from random weights.");
    }

    [Fact]
    public void Train_WidthsOfItsOwn_TakesOverWhatFits()
    {
        var set = SyntheticRows.Manifold(200, Width, 2, 0.1, seed: 405);
        int[] same = [0, 1, 2, 3, 4];
        var source = ModelTrainer.Train(set, new AutoencoderOptions { Hidden = [16, 8], Latent = 2 }, new TrainingOptions { MaxSteps = 5 }, TimeProvider.System);

        var inner = Begin(new AutoencoderOptions { Hidden = [16, 12], Latent = 2 });
        var first = Begin(new AutoencoderOptions { Hidden = [20, 8], Latent = 2 });

        // [16, 12]: the first and the last of six layers fit. [20, 8]: the two around the code.
        Assert.Equal(new WeightReuse(Width, Width, 2, 6), inner);
        Assert.Equal(new WeightReuse(0, Width, 2, 6), first);

        WeightReuse Begin(AutoencoderOptions options) =>
            ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 1 }, new FitContext(TimeProvider.System, Initial: new InitialWeights(source, same, same))).Reuse!;
    }

    [Fact]
    public void Train_ModelThatDoesNotFit_SaysWhy()
    {
        var set = SyntheticRows.Manifold(200, Width, 2, 0.1, seed: 406);
        var source = ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions { MaxSteps = 2 }, TimeProvider.System);
        int[] same = [0, 1, 2, 3, 4];

        Assert.Contains("is of variant ae, the one to train of vae", Problem(new VariationalAutoencoderOptions(), same), StringComparison.Ordinal);
        Assert.Contains("has none of the features", Problem(new AutoencoderOptions(), [-1, -1, -1, -1, -1]), StringComparison.Ordinal);
        Assert.Contains("4 features in 4 blocks; the rows have 5 in 5", Problem(new AutoencoderOptions(), [0, 1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("feature 5 of 5 is named but not there", Problem(new AutoencoderOptions(), [5, 1, 2, 3, 4]), StringComparison.Ordinal);
        Assert.Contains("feature 1 of 5 is named twice", Problem(new AutoencoderOptions(), [1, 1, 2, 3, 4]), StringComparison.Ordinal);

        string Problem(VariantOptions options, int[] features) => Assert.Throws<ArgumentException>(() =>
            ModelTrainer.Train(set, options, new TrainingOptions(), new FitContext(TimeProvider.System, Initial: new InitialWeights(source, features, features)))).Message;
    }

    private static InitialWeights AllOf(TrainedModel source) =>
        new(source, [.. Enumerable.Range(0, source.Layout.Width)], [.. Enumerable.Range(0, source.Layout.BlockCount)]);

    private static VariantOptions WidthsOf(TrainedModel model)
    {
        var options = VariantCatalog.CreateOptions(VariantCatalog.Describe(model.Variant).Name);
        (options.Hidden, options.Latent) = (model.Variant.Hidden, model.Variant.Latent);
        return options;
    }

    private static float[] Expected(TrainedModel model, float[] row)
    {
        var frozen = model.Freeze();
        var expected = new float[Width];
        frozen.Explain(row, [], new float[Width], expected, new float[frozen.LatentWidth], frozen.CreateScratch());
        return expected;
    }

    private static TrainingSet Reorder(TrainingSet set, int[] order)
    {
        float[] values = [.. Enumerable.Range(0, set.Records * Width).Select(i => set.Values[(i / Width * Width) + order[i % Width]])];
        var records = new TrainingSet(set.Layout, values, set.Records);
        return set.Window == 1 ? records : SyntheticRows.Windows(records, set.Window);
    }

    private static TrainingSet Select(TrainingSet set, int[] columns, ulong seed)
    {
        var (random, width) = (new SeededRandom(seed), set.Layout.Width);
        float[] values = [.. Enumerable.Range(0, set.Rows * columns.Length).Select(i =>
            columns[i % columns.Length] is >= 0 and var column ? set.Values[(i / columns.Length * width) + column] : (float)random.NextNormal())];
        return new TrainingSet(FeatureLayout.AllReal(columns.Length), values, set.Rows);
    }
}

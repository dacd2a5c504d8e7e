using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Flows;
using AEAnomaly.Models.Variants.Hierarchical;
using AEAnomaly.TestKit;

namespace AEAnomaly.Models.Tests.Scores;

/// <summary>Fits every kind of score on top of every variant that offers it.</summary>
public sealed class SelectedScoresTests
{
    private const int Rows = 300;

    public static TheoryData<string, string> Choices
    {
        get
        {
            var choices = new TheoryData<string, string>();
            foreach (var kind in VariantCatalog.All.Single(variant => variant.Name == "vae").Scores)
                choices.Add("vae", kind.ToString());
            foreach (var variant in VariantCatalog.All.Where(variant => variant.Scores.Count > 1))
                choices.Add(variant.Name, string.Join(',', variant.Scores));
            return choices;
        }
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Score_AnyBatchSize_HasTheSameBits(string variant, string scores)
    {
        var (set, model) = Train(variant, scores);
        var frozen = model.Freeze();
        var whole = Score(frozen, set, Rows);

        Assert.All(whole, score => Assert.True(float.IsFinite(score) && score >= 0));
        foreach (var batch in new[] { 1, 7, 33, 256 })
            Assert.Equal(whole, Score(frozen, set, batch));
        Assert.True(whole.Max() > 1.2 * whole.Min(), "The scores should differ from row to row.");
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Load_SavedModel_ScoresTheSameBits(string variant, string scores)
    {
        var (set, model) = Train(variant, scores);
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "weights.safetensors");
            var loaded = TrainedModel.Load(model.Save(path), path);

            Assert.Equal(model.Variant.Scores, loaded.Variant.Scores);
            Assert.Equal(Score(model.Freeze(), set, Rows), Score(loaded.Freeze(), set, Rows));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Explain_Row_ContributionsSumToTheScoreAndMissingFieldsGiveNothing(string variant, string scores)
    {
        var (set, model) = Train(variant, scores);
        var frozen = model.Freeze();
        var blocks = set.Layout.BlockCount;
        var whole = Score(frozen, set, Rows);
        var (contributions, expected, latent, scratch) = (new float[blocks], new float[set.Layout.Width], new float[frozen.LatentWidth], frozen.CreateScratch());
        for (var row = 0; row < 20; row++)
        {
            var flags = set.Missing!.AsSpan(row * blocks, blocks);
            var score = frozen.Explain(set.Values.AsSpan(row * set.Layout.Width, set.Layout.Width), flags, contributions, expected, latent, scratch);

            Assert.Equal(whole[row], score);
            Assert.Equal(score, contributions.Sum(), 1e-4f * (1 + score));
            Assert.Equal(1, expected[6..9].Sum(), 1e-5f);
            for (var b = 0; b < blocks; b++)
                Assert.True(flags[b] == 0 || contributions[b] == 0, $"Missing field {b} contributes {contributions[b]}.");
        }
    }

    [Fact]
    public void Score_SeveralThreads_HaveTheSameBits()
    {
        var (set, model) = Train("denoising", "Whitened,NearestNormal");
        var frozen = model.Freeze();
        var expected = Score(frozen, set, Rows);

        Parallel.For(0, 8, _ => Assert.Equal(expected, Score(frozen, set, 64)));
    }

    [Fact]
    public void Score_SteadyState_AllocatesNothing()
    {
        var (set, model) = Train("vae", string.Join(',', VariantCatalog.All.Single(variant => variant.Name == "vae").Scores));
        var frozen = model.Freeze();
        var (scratch, scores) = (frozen.CreateScratch(), new float[Rows]);

        Assert.Equal(0, Allocations.InSteadyState(() => frozen.Score(set.Values, set.Missing, scores, scratch)));
    }

    [Fact]
    public void Train_OwnScoreChosenByName_IsTheVariantsOwn()
    {
        var (set, named) = Train("ae", "Reconstruction");
        var (_, plain) = Train("ae", "");

        Assert.Null(named.HeldOutScores);
        Assert.Equal(Score(plain.Freeze(), set, Rows), Score(named.Freeze(), set, Rows));
    }

    [Fact]
    public void Load_ScoreTensorMissing_IsRefused()
    {
        var (_, model) = Train("ae", "Whitened");
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "weights.safetensors");
            var (_, other) = Train("ae", "");
            var description = other.Save(path) with { Options = model.Save(Path.Combine(folder.FullName, "other")).Options };

            var error = Assert.Throws<ModelFileException>(() => TrainedModel.Load(description, path));

            Assert.Contains("scores.whitened", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static (TrainingSet Set, TrainedModel Model) Train(string variant, string scores)
    {
        var set = SyntheticRows.Mixed(Rows, missingShare: 0.1, seed: 31);
        var options = TestedVariants.Options(variant);
        options.Hidden = VariantCatalog.Define(options).HasHiddenLayers ? [16] : [];
        options.Scores = [.. scores.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<ScoreKind>)];
        options.MemoryRows = 70;
        if (options is VariationalOptions variational)
            (variational.PosteriorSamples, variational.ImportanceSamples) = (3, 5);
        if (options is HierarchicalVaeOptions or FlowOptions)
            options.Hidden = [16, 16];
        return (set, ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 40 }, TimeProvider.System));
    }

    private static float[] Score(FrozenModel model, TrainingSet set, int batch)
    {
        var (scores, scratch, width, blocks) = (new float[set.Rows], model.CreateScratch(), set.Layout.Width, set.Layout.BlockCount);
        for (var start = 0; start < set.Rows; start += batch)
        {
            var count = Math.Min(batch, set.Rows - start);
            model.Score(set.Values.AsSpan(start * width, count * width), set.Missing.AsSpan(start * blocks, count * blocks), scores.AsSpan(start, count), scratch);
        }

        return scores;
    }
}

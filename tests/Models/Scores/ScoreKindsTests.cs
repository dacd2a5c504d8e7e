using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Flows;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Sequences;

namespace AEAnomaly.Models.Tests.Scores;

public sealed class ScoreKindsTests
{
    [Fact]
    public void Problems_ScoreTheVariantLacks_SaysWhatItOffers()
    {
        var options = new AutoencoderOptions { Scores = [ScoreKind.Whitened, ScoreKind.Elbo] };

        var problem = Assert.Single(VariantCatalog.ScoreProblems(options));

        Assert.Equal(1, problem.Index);
        Assert.Equal(
            "variant 'ae' has no score elbo; it offers reconstruction, whitened, likelihood, latent_distance, nearest_normal, nearest_residual, nearest_latent.",
            problem.Text);
    }

    [Fact]
    public void Problems_SequenceVariant_OffersItsOwnScoreAlone()
    {
        var problem = Assert.Single(VariantCatalog.ScoreProblems(new RecurrentAutoencoderOptions { Scores = [ScoreKind.Whitened] }));

        Assert.Equal("variant 'recurrent' has no score whitened; it offers reconstruction.", problem.Text);
    }

    [Fact]
    public void Problems_Flow_OffersNoReconstruction() =>
        Assert.Contains("has no score whitened; it offers likelihood, ", Assert.Single(VariantCatalog.ScoreProblems(new FlowVaeOptions { Scores = [ScoreKind.Whitened] })).Text, StringComparison.Ordinal);

    [Fact]
    public void Problems_SameScoreTwice_IsRefused()
    {
        var problem = Assert.Single(VariantCatalog.ScoreProblems(new AutoencoderOptions { Scores = [ScoreKind.Whitened, ScoreKind.Whitened] }));

        Assert.Equal((1, "found whitened a second time; remove it."), problem);
    }

    [Fact]
    public void Problems_EveryOfferedScore_HasNone()
    {
        foreach (var variant in VariantCatalog.All)
        {
            var options = VariantCatalog.CreateOptions(variant.Name);
            options.Scores = [.. variant.Scores];
            Assert.Empty(VariantCatalog.ScoreProblems(options));
        }
    }

    [Fact]
    public void Train_ScoreTheVariantLacks_IsRefusedBeforeTheWork()
    {
        var set = SyntheticRows.Mixed(50, 0, 1);

        var error = Assert.Throws<ArgumentException>(() => ModelTrainer.Train(
            set, new AutoencoderOptions { Scores = [ScoreKind.ImportanceBound], Neighbors = 0 }, new TrainingOptions(), TimeProvider.System));

        Assert.Contains("has no score importance_bound", error.Message, StringComparison.Ordinal);
        Assert.Contains("Neighbors", error.Message, StringComparison.Ordinal);
    }
}

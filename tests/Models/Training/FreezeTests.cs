using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;

namespace AEAnomaly.Models.Tests.Training;

public sealed class FreezeTests
{
    public static TheoryData<string> Variants => [.. VariantCatalog.All.Select(variant => variant.Name)];

    // Both paths compute in float32, in another order: five digits agree.
    private const double Tolerance = 1e-5;

    [Theory]
    [MemberData(nameof(Variants))]
    public void Freeze_MixedRows_AgreesWithTheTapePath(string variant)
    {
        var set = SyntheticRows.For(variant, SyntheticRows.Mixed(700, missingShare: 0.1, seed: 21));
        var model = ModelTrainer.Train(set, JudgedByItsOwnScore(TestedVariants.Options(variant)), new TrainingOptions { MaxSteps = 200 }, TimeProvider.System);

        // The tape path knows nothing of donors.
        var frozen = ModelTrainerTests.Scores(model.Network.Freeze(), set);
        var tape = TapeScores(model, set);

        // A tail probability has a slope: where a member's scores lie within a hundredth of each other it magnifies the difference.
        var tolerance = variant == "ensemble" ? 100 * Tolerance : Tolerance;
        for (var row = 0; row < set.Rows; row++)
            Assert.InRange(frozen[row], tape[row] - (tolerance * (1 + tape[row])), tape[row] + (tolerance * (1 + tape[row])));
        Assert.True(tape.Max() > 1.3 * tape.Min(), "The scores should differ from row to row.");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Explain_Row_ContributionsSumToTheScore(string variant)
    {
        var set = SyntheticRows.For(variant, SyntheticRows.Mixed(300, missingShare: 0, seed: 22));
        var model = ModelTrainer.Train(set, TestedVariants.Options(variant), new TrainingOptions { MaxSteps = 100 }, TimeProvider.System);
        var frozen = model.Freeze();
        var contributions = new float[set.Layout.BlockCount];
        var expected = new float[set.Layout.Width];
        var latent = new float[frozen.LatentWidth];

        var score = frozen.Explain(set.Values.AsSpan(0, set.Window * set.Layout.Width), [], contributions, expected, latent, frozen.CreateScratch());

        Assert.Equal(LatentWidth(model.Variant), frozen.LatentWidth);
        Assert.Equal(score, contributions.Sum(), 1e-4f * score);
        var (expectedAlone, latentAlone) = (new float[expected.Length], new float[latent.Length]);
        Assert.Equal(score, frozen.Explain(set.Values.AsSpan(0, set.Window * set.Layout.Width), [], default, expectedAlone, latentAlone, frozen.CreateScratch()));
        Assert.Equal(expected, expectedAlone);
        Assert.Equal(latent, latentAlone);
        Assert.Equal(1, expected[6..9].Sum(), 1e-5f);
        Assert.InRange(expected[5], 0, 1);
    }

    // The other scores are fitted on top of the frozen model; the tape knows nothing of them.
    private static VariantOptions JudgedByItsOwnScore(VariantOptions options)
    {
        options.Scores = [VariantCatalog.Describe(options).Scores[0]];
        foreach (var member in options is EnsembleOptions ensemble ? ensemble.Members : [])
            JudgedByItsOwnScore(member);
        return options;
    }

    // Both halves of a row have a code with cross-domain, all members with an ensemble.
    private static int LatentWidth(VariantOptions options) => options switch
    {
        EnsembleOptions ensemble => ensemble.Seeds * ensemble.Members.Sum(LatentWidth),
        CrossDomainOptions => 2 * options.Latent!.Value,
        _ => options.Latent!.Value,
    };

    private static float[] TapeScores(TrainedModel model, TrainingSet set)
    {
        var network = model.Network;
        var batch = new BatchSource(network.Parameters.Device, set).Gather([.. Enumerable.Range(0, set.Rows)]);
        return network.Scores(batch).ToArray();
    }
}

using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Tests.Completion;

/// <summary>Takes fields away from normal rows, for every score of every variant.</summary>
public sealed class MissingFieldTests
{
    private const int Records = 1500;

    public static TheoryData<string, string> Choices
    {
        get
        {
            var choices = new TheoryData<string, string>();
            foreach (var variant in VariantCatalog.All)
            {
                choices.Add(variant.Name, "");
                foreach (var kind in variant.Name is "denoising" or "vae" or "flow-vae" ? variant.Scores : [])
                    choices.Add(variant.Name, kind.ToString());
            }

            return choices;
        }
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Score_NormalRowsWithoutAField_AreFlaggedAboutAsSeldomAsWholeOnes(string variant, string score)
    {
        var model = Train(variant, score);
        var window = model.Network.Window;
        var whole = ModelTrainerTests.Scores(model, GroupedRows.Draw(Records, window, 902));
        var threshold = whole.Order().ElementAt((int)(0.98 * whole.Length));

        // Each in turn: number, boolean, category, moment; then all but one.
        var blocks = Enumerable.Range(0, GroupedRows.Layout.BlockCount).ToArray();
        foreach (var missing in blocks.Select(block => new[] { block }).Append([0, 2, 3, 4]).Append([1, 2, 3, 4]))
        {
            var scores = ModelTrainerTests.Scores(model, GroupedRows.Draw(Records, window, 902, GroupedRows.Without(Records, missing)));
            var flagged = scores.Count(found => found > threshold) / (double)scores.Length;
            Assert.True(flagged <= 0.04, $"Without fields {string.Join(", ", missing)}, {flagged:P1} are flagged; of whole rows 2 %.");
        }
    }

    [Theory]
    [InlineData("denoising")]
    [InlineData("ae")]
    [InlineData("masked")]
    [InlineData("conv")]
    public void Score_BrokenRowsWithoutAnotherField_AreStillFlagged(string variant)
    {
        var model = Train(variant, "");
        var window = model.Network.Window;
        var whole = ModelTrainerTests.Scores(model, GroupedRows.Draw(Records, window, 902));
        var threshold = whole.Order().ElementAt((int)(0.98 * whole.Length));
        var broken = GroupedRows.Draw(Records, window, 903, GroupedRows.Without(Records, 4));
        for (var record = 0; record < Records; record++)
            broken.Values[record * GroupedRows.Layout.Width] *= -1.5f;

        var scores = ModelTrainerTests.Scores(model, broken);

        // The level of the middle group is near 0: its sign says little.
        Assert.InRange(scores.Count(score => score > threshold) / (double)scores.Length, 0.5, 1);
    }

    [Theory]
    [InlineData("denoising")]
    [InlineData("vae")]
    [InlineData("recurrent")]
    public void Score_WholeRowsAmongOthers_HaveTheBitsOfTheModelWithoutDonors(string variant)
    {
        var model = Train(variant, "");
        var flags = new byte[200 * GroupedRows.Layout.BlockCount];
        for (var record = 100; record < 200; record++)
            flags[record * GroupedRows.Layout.BlockCount] = 1;
        var set = GroupedRows.Draw(200, model.Network.Window, 904, flags);

        var (scores, without) = (ModelTrainerTests.Scores(model, set), ModelTrainerTests.Scores(model.Freeze().WithoutCompletion, set));

        var whole = 100 - model.Network.Window + 1;
        Assert.Equal(without[..whole], scores[..whole]);
        Assert.NotEqual(without[whole..], scores[whole..]);
    }

    [Theory]
    [InlineData("denoising")]
    [InlineData("flow-vae")]
    [InlineData("td-vae")]
    public void Score_RowWithoutAnyField_IsNothing(string variant)
    {
        var model = Train(variant, "");
        var (window, blocks) = (model.Network.Window, GroupedRows.Layout.BlockCount);
        var set = GroupedRows.Draw(window, window, 905, GroupedRows.Without(window, [.. Enumerable.Range(0, blocks)]));
        var frozen = model.Freeze();
        var (contributions, expected, latent) = (new float[blocks], new float[GroupedRows.Layout.Width], new float[frozen.LatentWidth]);

        var explained = frozen.Explain(set.Values, set.Missing, contributions, expected, latent, frozen.CreateScratch());

        Assert.Equal([0f], ModelTrainerTests.Scores(model, set));
        Assert.Equal(0, explained);
        Assert.All(contributions, part => Assert.Equal(0, part));
    }

    [Fact]
    public void Train_RowsWithoutAnyField_AreNotLearnedFrom()
    {
        var flags = new byte[Records * GroupedRows.Layout.BlockCount];
        flags.AsSpan(0, 500 * GroupedRows.Layout.BlockCount).Fill(1);

        var model = ModelTrainer.Train(GroupedRows.Draw(Records, 1, 901, flags), new AutoencoderOptions(), new TrainingOptions { MaxSteps = 20 }, TimeProvider.System);

        Assert.Equal(Records - 500, model.Report.TrainingRows + model.Report.HeldOutRows);
        Assert.All(model.HeldOutRows, row => Assert.InRange(row, 500, Records - 1));
    }

    [Fact]
    public void Train_NoRowHasAField_IsRefused()
    {
        var flags = new byte[100 * GroupedRows.Layout.BlockCount];
        flags.AsSpan().Fill(1);

        var error = Assert.Throws<ArgumentException>(
            () => ModelTrainer.Train(GroupedRows.Draw(100, 1, 901, flags), new AutoencoderOptions(), new TrainingOptions(), TimeProvider.System));

        Assert.Contains("100 rows", error.Message, StringComparison.Ordinal);
    }

    private static TrainedModel Train(string variant, string score)
    {
        var options = TestedVariants.Options(variant);
        if (options is CrossDomainOptions crossDomain)
            crossDomain.FirstFields = ["level", "kind"];
        options.Scores = score.Length == 0 ? [] : [Enum.Parse<ScoreKind>(score)];
        var window = SequenceOptions.WindowOf(options);
        return ModelTrainer.Train(GroupedRows.Draw(Records, window, 901), options, new TrainingOptions { MaxSteps = 300 }, TimeProvider.System);
    }
}

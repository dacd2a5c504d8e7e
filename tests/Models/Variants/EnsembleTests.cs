using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Denoising;
using AEAnomaly.Models.Variants.Masked;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Sequences;
using AEAnomaly.TestKit;

namespace AEAnomaly.Models.Tests.Variants;

public sealed class EnsembleTests
{
    private static readonly TrainingOptions Fit = new() { MaxSteps = 600 };

    [Fact]
    public void Train_SeveralKindsOfData_RanksBetterThanItsMeanMember()
    {
        var gains = new List<double>();
        foreach (var (normal, test, labels) in MixedAnomalies.Sets())
        {
            var model = Whole(ModelTrainer.Train(normal, Small(), Fit, TimeProvider.System));
            var members = model.Members.Select(member => Ranking.AreaUnderRoc(Score(member, test), labels)).ToArray();
            var whole = Ranking.AreaUnderRoc(Score(model, test), labels);
            Assert.True(whole > members.Average(), $"The ensemble ranks {whole:0.0000}, its members {string.Join(", ", members.Select(m => m.ToString("0.0000")))}.");
            gains.Add(whole - members.Average());
        }

        Assert.True(gains.Average() > 0.01, $"Gains over the mean member: {string.Join(", ", gains)}");
    }

    public static TheoryData<string> Breaks => ["constant", "noise", "huge now and then", "reversed"];

    [Theory]
    [MemberData(nameof(Breaks))]
    public void Score_OneBrokenMember_RanksNearlyAsWellAsWithoutIt(string broken)
    {
        var (normal, test, labels) = MixedAnomalies.Sets().First();
        var model = ModelTrainer.Train(normal, Small(), Fit, TimeProvider.System);
        var sound = Whole(model).Members;
        var heldOut = Rows(normal, model.HeldOutRows);
        var alone = Mixed(sound, heldOut);
        FrozenModel[] members = [.. sound, new BrokenModel(normal.Layout, sound[0], broken)];
        var together = Mixed(members, heldOut);

        var (without, with) = (Score(alone, test), Score(together, test));
        var (before, after) = (Ranking.AreaUnderRoc(without, labels), Ranking.AreaUnderRoc(with, labels));
        Assert.True(after > before - 0.03, $"{before:0.0000} without the broken member, {after:0.0000} with it.");

        // Nor does it flag on its own: of 1 % allowed, the share of unseen normal rows above the learned threshold.
        var threshold = Score(together, heldOut).Order().ElementAt((int)(0.99 * heldOut.Rows));
        var flagged = with.Where((_, row) => !labels[row]).Average(score => score > threshold ? 1.0 : 0);
        Assert.InRange(flagged, 0, 0.03);
        var found = with.Where((_, row) => labels[row]).Average(score => score > threshold ? 1.0 : 0);
        var foundBefore = without.Where((_, row) => labels[row]).Average(score => score > Score(alone, heldOut).Order().ElementAt((int)(0.99 * heldOut.Rows)) ? 1.0 : 0);
        Assert.True(found > 0.7 * foundBefore, $"{foundBefore:P0} of the anomalies found without the broken member, {found:P0} with it.");
    }

    [Fact]
    public void Score_ThresholdOfOnePercent_FlagsThatShareOfUnseenRows()
    {
        var set = SyntheticRows.Manifold(20_000, 8, 3, 0.3, 411);
        var model = ModelTrainer.Train(set, Small(), new TrainingOptions { MaxSteps = 300, HeldOutShare = 0.3 }, TimeProvider.System);
        var frozen = model.Freeze();
        var threshold = model.HeldOutScores!.Order().ElementAt((int)(0.99 * model.HeldOutRows.Count));
        var share = Score(frozen, SyntheticRows.Manifold(40_000, 8, 3, 0.3, 412)).Average(score => score > threshold ? 1.0 : 0);
        Assert.InRange(share, 0.007, 0.014);
    }

    [Fact]
    public void Score_AnyBatchSize_GivesTheSameBits()
    {
        var set = SyntheticRows.Mixed(700, missingShare: 0.1, seed: 413);
        var model = ModelTrainer.Train(set, Small(), new TrainingOptions { MaxSteps = 50 }, TimeProvider.System).Freeze();
        var scratch = model.CreateScratch();
        var whole = Score(model, set);
        foreach (var batch in new[] { 1, 7, 255, 256, 257 })
        {
            for (var start = 0; start < set.Rows; start += batch)
            {
                var count = Math.Min(batch, set.Rows - start);
                var scores = new float[count];
                model.Score(
                    set.Values.AsSpan(start * set.Layout.Width, count * set.Layout.Width), set.Missing.AsSpan(start * set.Layout.BlockCount, count * set.Layout.BlockCount), scores, scratch);
                Assert.Equal(whole[start..(start + count)], scores);
            }
        }

        Assert.Equal(0, Allocations.InSteadyState(() => model.Score(set.Values, set.Missing, whole, scratch)));
    }

    [Fact]
    public void Explain_Row_SharesAndExpectsWhatTheMembersDo()
    {
        var set = SyntheticRows.Mixed(500, missingShare: 0, seed: 414);
        var model = Whole(ModelTrainer.Train(set, Small(), new TrainingOptions { MaxSteps = 400 }, TimeProvider.System));
        var row = set.Values.AsSpan(0, set.Layout.Width).ToArray();
        row[2] += 8;
        var (contributions, expected, latent) = Explain(model, row, out var score);
        var parts = model.Members.Select(member => Explain(member, row, out _)).ToArray();
        for (var feature = 0; feature < row.Length; feature++)
            Assert.Equal(parts.Average(part => part.Expected[feature]), expected[feature], 1e-5);
        Assert.Equal(parts.SelectMany(part => part.Latent), latent);
        Assert.Equal(score, contributions.Sum(), 1e-4 * score);
        Assert.True(contributions[2] > score / 2, $"The altered field has {contributions[2]} of {score}.");
        Assert.All(contributions, contribution => Assert.True(contribution >= 0));
    }

    [Fact]
    public void Train_SeedsAndMembers_TrainsEachUnderItsName()
    {
        var set = SyntheticRows.Mixed(200, missingShare: 0, seed: 415);
        var options = new EnsembleOptions
        {
            Members = [new AutoencoderOptions { Hidden = [9] }, new LinearAutoencoderOptions(), new AutoencoderOptions { Latent = 3 }],
            Seeds = 2,
            Hidden = [10],
            Latent = 2,
        };
        var phases = new List<TrainingProgress>();
        var model = ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 50 }, TimeProvider.System, new Recorder(phases));
        Assert.Equal(
            ["ae (1 of 6), training", "linear (2 of 6), training", "ae (3 of 6), training", "ae (4 of 6), training", "linear (5 of 6), training", "ae (6 of 6), training"],
            phases.Select(phase => phase.Phase).Distinct());
        Assert.Equal(300, phases[^1].Step);
        Assert.All(phases, phase => Assert.Equal(300, phase.MaxSteps));
        Assert.Equal(2 * (2 + 2 + 3), model.Freeze().LatentWidth);
        var first = model.Network.Parameters.All.Single(parameter => parameter.Name == "member.0.encoder.0.weight").Value;
        var again = model.Network.Parameters.All.Single(parameter => parameter.Name == "member.3.encoder.0.weight").Value;
        Assert.Equal(9, first.Shape[0]);
        Assert.NotEqual(first.ToArray(), again.ToArray());
        Assert.Equal(10, model.Network.Parameters.All.Single(parameter => parameter.Name == "member.2.encoder.0.weight").Value.Shape[0]);
    }

    [Fact]
    public void Train_MembersWithOtherScores_JudgesByThemAndKeepsThem()
    {
        var set = SyntheticRows.Mixed(400, missingShare: 0.1, seed: 417);
        var options = Small();
        options.Members[0].Scores = [ScoreKind.Whitened, ScoreKind.NearestNormal];
        options.Members[0].MemoryRows = 50;
        options.Members[2].Scores = [ScoreKind.LatentDistance];
        var model = ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 100 }, TimeProvider.System);
        var frozen = model.Freeze();
        Assert.Equal([true, false, true], Whole(model).Members.Select(member => member is FrozenScoredModel));
        Assert.Equal(model.HeldOutRows.Count, model.HeldOutScores!.Count);

        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var description = model.Save(path);
            Assert.Equal(Score(frozen, set), Score(TrainedModel.Load(description, path).Freeze(), set));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Train_MembersThatCannotBe_AreRefused()
    {
        var set = SyntheticRows.Mixed(50, missingShare: 0, seed: 416);
        foreach (var (members, found) in new (VariantOptions[] Members, string Found)[]
        {
            ([], "Members"),
            ([new EnsembleOptions()], "Members[0]"),
            ([new AutoencoderOptions(), new ConvolutionalAutoencoderOptions()], "Members[1]"),
            ([new AutoencoderOptions { Latent = 0 }], "Members[0]"),
        })
        {
            var error = Assert.Throws<ArgumentException>(() => ModelTrainer.Train(set, new EnsembleOptions { Members = members }, Fit, TimeProvider.System));
            Assert.Contains(found, error.Message, StringComparison.Ordinal);
        }
    }

    private static EnsembleOptions Small() => new()
    {
        Members = [new DenoisingAutoencoderOptions { Hidden = [32], Latent = 32 }, new MaskedAutoencoderOptions { Hidden = [32], Latent = 32 }, new AutoencoderOptions { Hidden = [32] }],
    };

    private static FrozenEnsembleModel Mixed(IReadOnlyList<FrozenModel> members, TrainingSet heldOut) =>
        new(members, [.. members.Select(member => TailCalibration.Fit(Array.ConvertAll(Score(member, heldOut), score => float.IsFinite(score) ? score : float.MaxValue)))]);

    private static TrainingSet Rows(TrainingSet set, IReadOnlyList<int> rows) => new(
        set.Layout, [.. rows.SelectMany(row => set.Values.AsSpan(row * set.Layout.Width, set.Layout.Width).ToArray())], rows.Count);

    private static FrozenEnsembleModel Whole(TrainedModel model) => (FrozenEnsembleModel)model.Freeze().WithoutCompletion;

    private static float[] Score(FrozenModel model, TrainingSet set)
    {
        var scores = new float[set.Rows];
        model.Score(set.Values, set.Missing, scores, model.CreateScratch());
        return scores;
    }

    private static (float[] Contributions, float[] Expected, float[] Latent) Explain(FrozenModel model, float[] row, out float score)
    {
        var (contributions, expected, latent) = (new float[model.Layout.BlockCount], new float[model.Layout.Width], new float[model.LatentWidth]);
        score = model.Explain(row, default, contributions, expected, latent, model.CreateScratch());
        return (contributions, expected, latent);
    }

    private sealed class Recorder(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }
}

using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Flows;
using AEAnomaly.Models.Variants.Hierarchical;
using AEAnomaly.TestKit;

namespace AEAnomaly.Models.Tests.Variants.Flows;

public sealed class FlowNetworkTests
{
    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(1, 0.3)]
    [InlineData(2, 0.0)]
    [InlineData(2, 0.3)]
    public void RowLosses_FixedWeights_AgreeWithDoublePrecision(int levels, double missingShare)
    {
        var set = SyntheticRows.Mixed(40, missingShare, seed: 3);
        var network = FlowCase.Network(set.Layout, levels);
        var reference = FlowCase.Reference(network, levels);
        var losses = network.RowLosses(null, All(network, set), LossContext.HeldOut).ToArray();
        for (var row = 0; row < set.Rows; row++)
        {
            var values = set.Values.AsSpan(row * set.Layout.Width, set.Layout.Width).ToArray().Select(value => (double)value).ToArray();
            var missing = new bool[set.Layout.BlockCount];
            for (var b = 0; b < missing.Length; b++)
                missing[b] = set.Missing is { } flags && flags[(row * missing.Length) + b] != 0;
            var expected = reference.Loss(values, missing);
            Assert.Equal(expected, losses[row], 1e-5 * (1 + Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData(BlockKind.Real)]
    [InlineData(BlockKind.Binary)]
    [InlineData(BlockKind.Category)]
    public void RowLosses_OneKindOfBlock_AgreeWithDoublePrecision(BlockKind kind)
    {
        var layout = new FeatureLayout([new FeatureBlock(0, 3, kind)]);
        var network = FlowCase.Network(layout, 2);
        var set = new TrainingSet(layout, [0, 1, 0, 0, 0, 1], 2);
        var losses = network.RowLosses(null, All(network, set), LossContext.HeldOut).ToArray();
        Assert.Equal(FlowCase.Reference(network, 2).Loss([0, 1, 0], [false]), losses[0], 1e-5 * (1 + Math.Abs(losses[0])));
        Assert.Equal(FlowCase.Reference(network, 2).Loss([0, 0, 1], [false]), losses[1], 1e-5 * (1 + Math.Abs(losses[1])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Score_AnyBatchPositionAndVectorWidth_GivesTheSameBits(int levels)
    {
        var set = SyntheticRows.Mixed(150, missingShare: 0.2, seed: 4);
        var network = FlowCase.Network(set.Layout, levels);
        var whole = Score(FlowFreezer.Freeze(network), set, 0, set.Rows);
        foreach (var width in new[] { VectorWidth.Scalar, VectorWidth.Bits256 }.Where(width => width <= VectorWidths.Widest))
            Assert.Equal(whole, Score(FlowFreezer.Freeze(network, width), set, 0, set.Rows));
        var model = FlowFreezer.Freeze(network);
        foreach (var (start, count) in new[] { (0, 1), (63, 2), (64, 33), (17, 100), (149, 1) })
            Assert.Equal(whole[start..(start + count)], Score(model, set, start, count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ScoreAndExplain_SteadyState_AllocateNothing(int levels)
    {
        var set = SyntheticRows.Mixed(150, missingShare: 0.2, seed: 4);
        var model = FlowFreezer.Freeze(FlowCase.Network(set.Layout, levels));
        var (scratch, scores) = (model.CreateScratch(), new float[set.Rows]);
        var (parts, expected, latent) = (new float[set.Layout.BlockCount], new float[set.Layout.Width], new float[model.LatentWidth]);

        Assert.Equal(0, Allocations.InSteadyState(Work));

        void Work()
        {
            model.Score(set.Values, set.Missing, scores, scratch);
            model.Explain(set.Values.AsSpan(0, set.Layout.Width), set.Missing.AsSpan(0, set.Layout.BlockCount), parts, expected, latent, scratch);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Explain_RowsWithMissingFields_DividesTheScoreAmongThePresentOnes(int levels)
    {
        var set = SyntheticRows.Mixed(60, missingShare: 0.3, seed: 6);
        var model = FlowFreezer.Freeze(FlowCase.Network(set.Layout, levels));
        var (scratch, blocks) = (model.CreateScratch(), set.Layout.BlockCount);
        var scores = Score(model, set, 0, set.Rows);
        var (parts, expected, latent) = (new float[blocks], new float[set.Layout.Width], new float[model.LatentWidth]);
        for (var row = 0; row < set.Rows; row++)
        {
            var flags = set.Missing.AsSpan(row * blocks, blocks);
            var score = model.Explain(set.Values.AsSpan(row * set.Layout.Width, set.Layout.Width), flags, parts, expected, latent, scratch);
            Assert.Equal(scores[row], score);
            Assert.Equal(score, parts.Sum(), 1e-5 * (1 + score));
            var (expectedAlone, latentAlone) = (new float[set.Layout.Width], new float[model.LatentWidth]);
            Assert.Equal(score, model.Explain(set.Values.AsSpan(row * set.Layout.Width, set.Layout.Width), flags, default, expectedAlone, latentAlone, scratch));
            Assert.Equal(expected, expectedAlone);
            Assert.Equal(latent, latentAlone);
            for (var b = 0; b < blocks; b++)
                Assert.True(parts[b] >= 0 && (flags[b] == 0 || parts[b] == 0));
        }
    }

    [Fact]
    public void Explain_ExpectedRealValues_AreTheImageOfZeroNoise()
    {
        // At the expected values, given the same code, the noise is 0: no block then costs more than it would have to.
        var network = FlowCase.Network(FeatureLayout.AllReal(7), 1);
        var model = FlowFreezer.Freeze(network);
        foreach (var name in new[] { "posterior.0.weight", "decoder.0.weight" })
        {
            var weights = network.Parameters.All.Single(parameter => parameter.Name == name).Value;
            weights.Device.Fill(weights, 0);
        }

        // Without a path from the row to the code, the expected row is the same for every row and has the code of every row.
        model = FlowFreezer.Freeze(network);
        var (parts, expected, again, latent) = (new float[7], new float[7], new float[7], new float[3]);
        var scratch = model.CreateScratch();
        model.Explain(FlowCase.Normals(7, 8), [], parts, expected, latent, scratch);
        var energy = new double[1];
        var noiseless = expected.ToArray();
        model.Energies(noiseless, [], energy, (FrozenFlowScratch)scratch);
        var squares = ((FrozenFlowScratch)scratch).Residuals.Take(7).Sum(u => (double)u * u);
        Assert.Equal(0, squares, 1e-8);
        model.Explain(expected, [], parts, again, latent, scratch);
        for (var j = 0; j < 7; j++)
            Assert.Equal(expected[j], again[j], 1e-5);
    }

    [Theory]
    [InlineData("flow-vae")]
    [InlineData("flow-hierarchical")]
    public void Train_Manifold_FindsRowsBesideIt(string variant)
    {
        var set = SyntheticRows.Manifold(2000, 8, 2, noise: 0.1, seed: 31);
        var model = ModelTrainer.Train(set, VariantCatalog.CreateOptions(variant), new TrainingOptions { MaxSteps = 800 }, TimeProvider.System);
        var test = SyntheticRows.Manifold(500, 8, 2, noise: 0.1, seed: 32);
        var shuffled = test.Values.ToArray();
        for (var row = 0; row < 500; row++)
        {
            for (var j = 4; j < 8; j++)
                shuffled[(row * 8) + j] = test.Values[((row + 1) % 500 * 8) + j];
        }

        var normal = ModelTrainerTests.Scores(model, test);
        var broken = ModelTrainerTests.Scores(model, new TrainingSet(test.Layout, shuffled, 500));
        var wins = normal.Sum(low => broken.Count(high => high > low));
        Assert.True(wins / 250_000.0 > 0.93, $"AUC {wins / 250_000.0}.");
        Assert.All(normal, score => Assert.True(score > 0));
    }

    [Fact]
    public void Scores_LevelsAblatedOneByOne_Change()
    {
        var set = SyntheticRows.Manifold(2000, 8, 3, noise: 0.1, seed: 31);
        var options = new FlowHierarchicalOptions { Hidden = [64, 32], Latent = 4 };
        var model = ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 800 }, TimeProvider.System);
        var network = Assert.IsType<FlowNetwork>(model.Network);
        Assert.Equal(2, network.Encoder.Heads.Count);
        var batch = All(network, set);
        var before = network.Scores(batch).ToArray();
        var likelihood = network.Evaluate(null, batch, null, initialize: false).NegativeLogLikelihood.ToArray().Average();
        var weights = network.Parameters.Snapshot();
        foreach (var head in network.Encoder.Heads)
        {
            // A head of zeros gives the prior's mean for every row.
            head.Weight.Device.Fill(head.Weight, 0);
            head.Bias.Device.Fill(head.Bias, 0);
            var after = network.Scores(batch).ToArray();
            var changed = before.Zip(after, (left, right) => Math.Abs(left - right)).Average();
            Assert.True(changed > 0.1, $"The scores changed by {changed} on average.");
            var without = network.Evaluate(null, batch, null, initialize: false).NegativeLogLikelihood.ToArray().Average();
            Assert.True(without > likelihood + 0.1, $"The negative log-likelihood is {without} without the level, {likelihood} with it.");
            network.Parameters.Restore(weights);
        }
    }

    [Fact]
    public void Score_TwoThreads_GiveTheSameBits()
    {
        var set = SyntheticRows.Mixed(400, missingShare: 0.2, seed: 4);
        var model = FlowFreezer.Freeze(FlowCase.Network(set.Layout, 2));
        var expected = Score(model, set, 0, set.Rows);
        var found = new float[2][];
        Parallel.For(0, 2, i => found[i] = Score(model, set, 0, set.Rows));
        Assert.All(found, scores => Assert.Equal(expected, scores));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Energies_MissingFields_DoNotDependOnWhatTheDecoderSaysOfThem(int levels)
    {
        var network = FlowCase.Network(SyntheticRows.MixedLayout, levels);
        var set = SyntheticRows.Mixed(1, missingShare: 0, seed: 9);
        byte[] missing = [0, 1, 0, 0, 1, 0, 0];
        set.Values[1] = set.Values[5] = 0;
        var (present, absent) = (Energy([]), Energy(missing));

        // Mean and log-deviation of the second real feature, and the logit of the binary one.
        var bias = network.Decoder.Layers[^1].Bias;
        var values = bias.ToArray();
        foreach (var output in new[] { 1, network.Parts.RealWidth + 1, 2 * network.Parts.RealWidth })
            values[output] += 0.7f;
        bias.Device.Upload(values, bias);

        Assert.Equal(absent, Energy(missing));
        Assert.True(Math.Abs(present - Energy([])) > 0.01, "Present fields do depend on it.");

        double Energy(byte[] flags)
        {
            var model = FlowFreezer.Freeze(network);
            var energies = new double[1];
            model.Energies(set.Values, flags, energies, (FrozenFlowScratch)model.CreateScratch());
            return energies[0];
        }
    }

    [Fact]
    public void Train_EveryOptionWrong_NamesThemAll()
    {
        var set = SyntheticRows.Manifold(100, 4, 2, noise: 0.1, seed: 1);
        var options = new FlowVaeOptions { Steps = 0, CouplingWidth = 0, MaxLogScale = 0, NoiseDeviation = -1, KlWarmUpShare = 2, Latent = 0, Hidden = [0] };
        var error = Assert.Throws<ArgumentException>(() => ModelTrainer.Train(set, options, new TrainingOptions(), TimeProvider.System));
        foreach (var name in new[] { "Steps", "CouplingWidth", "MaxLogScale", "NoiseDeviation", "KlWarmUpShare", "Latent", "Hidden" })
            Assert.Contains($"field {name} ", error.Message, StringComparison.Ordinal);

        var groups = new HierarchicalVaeOptions { Groups = 0, KlWeight = -1, KlWarmUpShare = 2, NoiseVariance = 0 };
        error = Assert.Throws<ArgumentException>(() => ModelTrainer.Train(set, groups, new TrainingOptions(), TimeProvider.System));
        foreach (var name in new[] { "Groups", "KlWeight", "KlWarmUpShare", "NoiseVariance" })
            Assert.Contains($"field {name} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_RaggedScale_StaysFinite()
    {
        // Constant features, features of width 100 and an outlier of 1e6: nothing may overflow.
        var random = new SeededRandom(3);
        var values = new float[400 * 5];
        for (var row = 0; row < 400; row++)
            (values[row * 5], values[(row * 5) + 1], values[(row * 5) + 2]) = (1, (float)(100 * random.NextNormal()), (float)random.NextNormal());
        values[12] = 1e6f;
        var set = new TrainingSet(FeatureLayout.AllReal(5), values, 400);
        var model = ModelTrainer.Train(set, new FlowHierarchicalOptions(), new TrainingOptions { MaxSteps = 200 }, TimeProvider.System);
        Assert.All(ModelTrainerTests.Scores(model, set), score => Assert.True(score >= 0 && float.IsFinite(score)));
    }

    private static Batch All(FlowNetwork network, TrainingSet set) =>
        new BatchSource(network.Parameters.Device, set).Gather([.. Enumerable.Range(0, set.Rows)]);

    private static float[] Score(FrozenFlowModel model, TrainingSet set, int start, int count)
    {
        var (scores, width, blocks) = (new float[count], set.Layout.Width, set.Layout.BlockCount);
        model.Score(set.Values.AsSpan(start * width, count * width), set.Missing.AsSpan(start * blocks, count * blocks), scores, model.CreateScratch());
        return scores;
    }
}

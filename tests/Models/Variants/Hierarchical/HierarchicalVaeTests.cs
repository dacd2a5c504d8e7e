using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Hierarchical;
using AEAnomaly.Models.Variants.Variational;
using AEAnomaly.TestKit;

namespace AEAnomaly.Models.Tests.Variants.Hierarchical;

public sealed class HierarchicalVaeTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0)]
    public void RowLosses_OneGroup_EqualTheVariationalAutoencoders(double progress)
    {
        var set = SyntheticRows.Mixed(50, missingShare: 0.2, seed: 2);
        float[] weights = [1, 0.5f, 0.7f, 0.3f, 1.2f, 0.9f, 0.8f];
        var plain = new VariationalAutoencoder(
            new VariationalAutoencoderOptions { Hidden = [9, 5], Latent = 3 }, set.Layout, new ParameterSet(new CpuDevice()), weights, new SeededRandom(4));
        var grouped = Network(new HierarchicalVaeOptions { Hidden = [9, 5], Latent = 3, Groups = 1, KlWarmUpShare = 0.2 }, set.Layout, weights);
        Assert.Equal(plain.Parameters.All.Select(parameter => parameter.Name), grouped.Parameters.All.Select(parameter => parameter.Name));

        var expected = plain.RowLosses(null, All(plain, set), new LossContext(progress, new SeededRandom(6))).ToArray();
        var found = grouped.RowLosses(null, All(grouped, set), new LossContext(progress, new SeededRandom(6))).ToArray();
        Assert.Equal(expected, found);
        Assert.Equal(plain.Scores(All(plain, set)).ToArray(), grouped.Scores(All(grouped, set)).ToArray());
    }

    [Fact]
    public void Evaluate_Divergences_EqualTheirMonteCarloEstimate()
    {
        // The second group's closed form against E_q[log q - log p] by samples from the formula, for one row.
        var group = new LatentGroup(new ParameterSet(new CpuDevice()), 1, 4, 2, new SeededRandom(9));
        var device = group.Prior.Weight.Device;
        float[] state = [0.3f, -1, 0.7f, 0.2f];
        float[] seen = [1.1f, 0.4f, -0.6f, 0.9f];
        var (_, divergence) = group.Forward(null, device.Create(new(1, 4), state), device.Create(new(1, 4), seen), null);
        var prior = group.Prior.Forward(null, device.Create(new(1, 4), state)).ToArray();
        var residual = group.Residual.Forward(null, device.Create(new(1, 8), [.. state, .. seen])).ToArray();
        var random = new SeededRandom(10);
        const int Draws = 400_000;
        var sum = 0.0;
        for (var i = 0; i < Draws; i++)
        {
            for (var j = 0; j < 2; j++)
            {
                var (mean, logVariance) = (prior[j], 8 * Math.Tanh(prior[2 + j] / 8));
                var (shift, logFactor) = (residual[j], 8 * Math.Tanh(residual[2 + j] / 8));
                var eps = random.NextNormal();
                var z = mean + shift + (Math.Exp((logVariance + logFactor) / 2) * eps);
                var logPosterior = -0.5 * ((eps * eps) + logVariance + logFactor);
                var logPrior = -0.5 * (((z - mean) * (z - mean) / Math.Exp(logVariance)) + logVariance);
                sum += logPosterior - logPrior;
            }
        }

        Assert.Equal(sum / Draws, divergence.ToArray()[0], 0.01);
    }

    [Fact]
    public void RowLosses_DuringWarmUp_ChargesGroupsByTheirDivergence()
    {
        var set = SyntheticRows.Mixed(50, missingShare: 0, seed: 2);
        var options = new HierarchicalVaeOptions { Hidden = [9, 5], Latent = 4, Groups = 2, KlWarmUpShare = 0.5 };
        var network = Network(options, set.Layout, [1, 1, 1, 1, 1, 1, 1]);
        var (_, divergences) = network.Evaluate(null, All(network, set).Values, null);
        var groups = divergences.Select(tensor => tensor.ToArray().Average(value => (double)value)).ToArray();
        double Mean(double progress) => network.RowLosses(null, All(network, set), new LossContext(progress, null)).ToArray().Average(value => (double)value);

        var total = groups.Sum();
        var balanced = groups.Sum(kl => kl * 2 * kl / total);
        Assert.Equal(0.5 * balanced, Mean(0.25) - Mean(0), 1e-4 * (1 + balanced));
        Assert.Equal(total, Mean(1) - Mean(0), 1e-4 * (1 + total));
        Assert.True(Math.Abs(balanced - total) > 1e-3, "Equal groups would prove nothing.");
    }

    [Fact]
    public void Train_HierarchicalRows_BoundIsBetterAndNoGroupCollapses()
    {
        var training = HierarchicalRows(6000, 1);
        var test = HierarchicalRows(2000, 2);
        var fit = new TrainingOptions { MaxSteps = 3000, Patience = 0, TrimShare = 0 };
        var plain = ModelTrainer.Train(
            training, new VariationalAutoencoderOptions { Hidden = [48, 24], Latent = 6, NoiseVariance = 0.02, KlWarmUpShare = 0.3 }, fit, TimeProvider.System);
        var grouped = ModelTrainer.Train(
            training, new HierarchicalVaeOptions { Hidden = [48, 24], Latent = 6, NoiseVariance = 0.02, Groups = 3 }, fit, TimeProvider.System);

        var (expected, found) = (NegativeBound(plain.Network, test), NegativeBound(grouped.Network, test));
        var network = Assert.IsType<HierarchicalVae>(grouped.Network);
        var divergences = network.Evaluate(null, All(network, test).Values, new SeededRandom(8)).Divergences
            .Select(tensor => tensor.ToArray().Average(value => (double)value)).ToArray();
        Assert.True(found < expected - 0.1, $"Negative bound {found}, of vae {expected}; divergences {string.Join(' ', divergences)}.");
        Assert.All(divergences, divergence => Assert.True(divergence > 0.1, $"A group collapsed: {string.Join(' ', divergences)}."));
    }

    [Fact]
    public void Create_TooManyGroups_SaysHowManyFit()
    {
        var error = Assert.Throws<ArgumentException>(
            () => Network(new HierarchicalVaeOptions { Hidden = [9, 5], Latent = 8, Groups = 4 }, FeatureLayout.AllReal(3), [1, 1, 1]));
        Assert.Contains("Groups is 4; 2 hidden layers and a latent width of 8 allow at most 3.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_AnyBatchPositionAndVectorWidth_GivesTheSameBits()
    {
        var set = SyntheticRows.Mixed(150, missingShare: 0.2, seed: 4);
        var network = Network(new HierarchicalVaeOptions { Hidden = [33, 17], Latent = 7, Groups = 3 }, set.Layout, [1, 1, 1, 1, 1, 1, 1]);
        var whole = Score(HierarchicalFreezer.Freeze(network), set, 0, set.Rows);
        foreach (var width in new[] { VectorWidth.Scalar, VectorWidth.Bits256 }.Where(width => width <= VectorWidths.Widest))
            Assert.Equal(whole, Score(HierarchicalFreezer.Freeze(network, width), set, 0, set.Rows));
        foreach (var (start, count) in new[] { (0, 1), (63, 2), (64, 33), (17, 100), (149, 1) })
            Assert.Equal(whole[start..(start + count)], Score(HierarchicalFreezer.Freeze(network), set, start, count));
    }

    [Fact]
    public void ScoreAndExplain_SteadyState_AllocateNothing()
    {
        var set = SyntheticRows.Mixed(150, missingShare: 0.2, seed: 4);
        var network = Network(new HierarchicalVaeOptions { Hidden = [33, 17], Latent = 7, Groups = 3 }, set.Layout, [1, 1, 1, 1, 1, 1, 1]);
        var model = HierarchicalFreezer.Freeze(network);
        var (scratch, scores) = (model.CreateScratch(), new float[set.Rows]);
        var (parts, expected, latent) = (new float[set.Layout.BlockCount], new float[set.Layout.Width], new float[model.LatentWidth]);

        Assert.Equal(0, Allocations.InSteadyState(Work));
        Assert.Equal(scores[0], parts.Sum(), 1e-5 * (1 + scores[0]));
        for (var b = 0; b < parts.Length; b++)
            Assert.True(set.Missing![b] == 0 || parts[b] == 0);

        void Work()
        {
            model.Score(set.Values, set.Missing, scores, scratch);
            model.Explain(set.Values.AsSpan(0, set.Layout.Width), set.Missing.AsSpan(0, set.Layout.BlockCount), parts, expected, latent, scratch);
        }
    }

    private static HierarchicalVae Network(HierarchicalVaeOptions options, FeatureLayout layout, float[] weights) =>
        new(options, layout, new ParameterSet(new CpuDevice()), weights, new SeededRandom(4));

    private static Batch All(Network network, TrainingSet set) =>
        new BatchSource(network.Parameters.Device, set).Gather([.. Enumerable.Range(0, set.Rows)]);

    private static float[] Score(FrozenModel model, TrainingSet set, int start, int count)
    {
        var (scores, width, blocks) = (new float[count], set.Layout.Width, set.Layout.BlockCount);
        model.Score(set.Values.AsSpan(start * width, count * width), set.Missing.AsSpan(start * blocks, count * blocks), scores, model.CreateScratch());
        return scores;
    }

    /// <summary>Averages the negative bound over rows and ten draws of the codes.</summary>
    private static double NegativeBound(Network network, TrainingSet set)
    {
        var noise = new SeededRandom(72);
        var sum = 0.0;
        for (var pass = 0; pass < 10; pass++)
        {
            using var scope = network.Parameters.Device.BeginScope();
            sum += network.RowLosses(null, All(network, set), new LossContext(1, noise)).ToArray().Average(loss => (double)loss);
        }

        return sum / 10;
    }

    /// <summary>Draws a kind, then two groups of causes around what the kind and the cause above say, then features.</summary>
    private static TrainingSet HierarchicalRows(int rows, ulong seed)
    {
        const int Width = 10;
        var structure = new SeededRandom(5);
        var mixing = new double[Width * 3];
        for (var i = 0; i < mixing.Length; i++)
            mixing[i] = structure.NextNormal() / Math.Sqrt(3);
        var random = new SeededRandom(seed);
        var values = new float[rows * Width];
        for (var row = 0; row < rows; row++)
        {
            var kind = random.NextInt32(4);
            var top = (kind - 1.5) + (0.15 * random.NextNormal());
            var middle = (1.5 * Math.Sin(3 * top)) + (0.05 + (0.3 * (kind % 2))) * random.NextNormal();
            var fine = (top * middle) + (0.1 * random.NextNormal());
            for (var j = 0; j < Width; j++)
            {
                var sum = (mixing[j * 3] * top) + (mixing[(j * 3) + 1] * middle) + (mixing[(j * 3) + 2] * fine);
                values[(row * Width) + j] = (float)(sum + (Math.Sqrt(0.02) * random.NextNormal()));
            }
        }

        return new TrainingSet(FeatureLayout.AllReal(Width), values, rows);
    }
}

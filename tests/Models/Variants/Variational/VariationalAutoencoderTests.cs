using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Tests.References;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Tests.Variants.Variational;

public sealed class VariationalAutoencoderTests
{
    private const int Width = 5;
    private const int Rows = 6000;
    private const double NoiseVariance = 0.25;

    // Columns of the generating matrix are not orthogonal: the network has to find the rotation in which the posterior factorises.
    private static readonly double[,] Mixing = { { 1.2, 0.3 }, { -0.4, 0.9 }, { 0.7, 0.7 }, { 0.1, -1.1 }, { -0.9, 0.2 } };

    [Fact]
    public void RowLosses_LinearGaussianModel_OptimumReachesTheExactLogLikelihood()
    {
        var set = LinearGaussianRows();
        var device = new CpuDevice();
        var options = new VariationalAutoencoderOptions { Hidden = [], Latent = 2, NoiseVariance = NoiseVariance };
        var network = new VariationalAutoencoder(
            options, set.Layout, new ParameterSet(device), [.. Enumerable.Repeat(1f, Width)], new SeededRandom(1));
        int[] rows = [.. Enumerable.Range(0, Rows)];
        var training = new TrainingOptions { MaxSteps = 4000, LearningRate = 0.01, TrimShare = 0, WeightDecay = 0, Patience = 0 };
        _ = new TrainingRun(network, set, training, rows, rows[^500..], new SeededRandom(2)).Execute(null, CancellationToken.None);

        var bound = EvidenceLowerBound(network, set, rows);
        var exact = ExactLogLikelihood(set);

        // The best model passes the generating one by about 14 free parameters / (2 * 6000 rows) = 0.001; the rest is room for the Monte-Carlo error.
        Assert.InRange(bound, exact - 0.02, exact + 0.01);
    }

    [Fact]
    public void Encode_ExtremeRows_KeepsVariancesFinite()
    {
        var device = new CpuDevice();
        var layout = FeatureLayout.AllReal(3);
        var network = new VariationalAutoencoder(
            new VariationalAutoencoderOptions { Hidden = [4], Latent = 2 }, layout, new ParameterSet(device), [1, 1, 1], new SeededRandom(3));
        var batch = new BatchSource(device, new TrainingSet(layout, [1e6f, -1e6f, 1e6f], 1)).Gather([0]);
        Assert.True(float.IsFinite(network.RowLosses(null, batch, new LossContext(1, new SeededRandom(4))).ToArray()[0]));
    }

    [Fact]
    public void RowLosses_DuringWarmUp_WeighsTheDivergenceByProgress()
    {
        var device = new CpuDevice();
        var layout = FeatureLayout.AllReal(3);
        var options = new VariationalAutoencoderOptions { Hidden = [4], Latent = 2, KlWarmUpShare = 0.5, KlWeight = 3 };
        var network = new VariationalAutoencoder(options, layout, new ParameterSet(device), [1, 1, 1], new SeededRandom(3));
        var batch = new BatchSource(device, new TrainingSet(layout, [1f, -2f, 0.5f], 1)).Gather([0]);

        double Loss(double progress) => network.RowLosses(null, batch, new LossContext(progress, null)).ToArray()[0];
        var (mean, logVariance) = network.Encode(null, batch.Values);
        var divergence = mean.ToArray().Zip(logVariance.ToArray(), (m, v) => 0.5 * ((m * m) + Math.Exp(v) - v - 1)).Sum();

        Assert.Equal(network.Scores(batch).ToArray()[0] / (2 * options.NoiseVariance), Loss(0), 1e-4);
        Assert.Equal(1.5 * divergence, Loss(0.25) - Loss(0), 1e-4);
        Assert.Equal(3 * divergence, Loss(0.5) - Loss(0), 1e-4);
        Assert.Equal(Loss(0.5), Loss(1));
    }

    [Fact]
    public void RowLosses_FixedWeightsAndNoise_EqualTheFormulasInDoublePrecision()
    {
        var set = SyntheticRows.Mixed(33, missingShare: 0, seed: 73);
        var options = new VariationalAutoencoderOptions { Hidden = [19, 7], Latent = 3, KlWeight = 1.7, NoiseVariance = 0.3 };
        var network = TestNetworks.Create<VariationalAutoencoder>(options, set);
        TestNetworks.Fit(network, set, 30, 1e-2, 33);

        var losses = network.RowLosses(null, TestNetworks.All(network, set), new LossContext(1, new SeededRandom(74))).ToArray();

        var noise = VariationalReference.Noise(74, 33, 3);
        for (var i = 0; i < 33; i++)
        {
            double[] row = [.. set.Values.AsSpan(i * set.Layout.Width, set.Layout.Width).ToArray().Select(value => (double)value)];
            var (mean, variance, code) = VariationalReference.Encode(network, row, noise[i]);
            var error = VariationalReference.Error(set.Layout, DoubleMlp.Forward(network, "decoder", code), row);
            var expected = (error / (2 * 0.3)) + (1.7 * VariationalReference.Divergence(mean, variance));
            Assert.Equal(expected, losses[i], 2e-5 * (1 + expected));
        }
    }

    private static TrainingSet LinearGaussianRows()
    {
        var random = new SeededRandom(71);
        var values = new float[Rows * Width];
        for (var row = 0; row < Rows; row++)
        {
            var (first, second) = (random.NextNormal(), random.NextNormal());
            for (var j = 0; j < Width; j++)
                values[(row * Width) + j] = (float)((Mixing[j, 0] * first) + (Mixing[j, 1] * second) + (Math.Sqrt(NoiseVariance) * random.NextNormal()));
        }

        return new TrainingSet(FeatureLayout.AllReal(Width), values, Rows);
    }

    private static double EvidenceLowerBound(VariationalAutoencoder network, TrainingSet set, int[] rows)
    {
        const int Passes = 40;
        var device = network.Parameters.Device;
        var noise = new SeededRandom(72);
        var sum = 0.0;
        for (var pass = 0; pass < Passes; pass++)
        {
            using var scope = device.BeginScope();
            var batch = new BatchSource(device, set).Gather(rows);
            sum -= network.RowLosses(null, batch, new LossContext(1, noise)).ToArray().Average(loss => (double)loss);
        }

        return (sum / Passes) - (0.5 * Width * Math.Log(2 * Math.PI * NoiseVariance));
    }

    /// <summary>Averages log N(x; 0, W Wᵀ + s² I) of the generating model over the rows, by a Cholesky factor in double precision.</summary>
    private static double ExactLogLikelihood(TrainingSet set)
    {
        var factor = new double[Width, Width];
        for (var i = 0; i < Width; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = (Mixing[i, 0] * Mixing[j, 0]) + (Mixing[i, 1] * Mixing[j, 1]) + (i == j ? NoiseVariance : 0);
                for (var k = 0; k < j; k++)
                    sum -= factor[i, k] * factor[j, k];
                factor[i, j] = i == j ? Math.Sqrt(sum) : sum / factor[j, j];
            }
        }

        var total = 0.0;
        var solved = new double[Width];
        for (var row = 0; row < set.Rows; row++)
        {
            for (var i = 0; i < Width; i++)
            {
                var sum = (double)set.Values[(row * Width) + i];
                for (var k = 0; k < i; k++)
                    sum -= factor[i, k] * solved[k];
                solved[i] = sum / factor[i, i];
                total -= (0.5 * solved[i] * solved[i]) + Math.Log(factor[i, i]) + (0.5 * Math.Log(2 * Math.PI));
            }
        }

        return total / set.Rows;
    }
}

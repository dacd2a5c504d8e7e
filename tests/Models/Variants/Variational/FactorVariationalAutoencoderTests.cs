using AEAnomaly.Models.Features;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Tests.References;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Tests.Variants.Variational;

public sealed class FactorVariationalAutoencoderTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void DensityRatio_GaussianOfKnownCovariance_EstimatesTheExactTotalCorrelation(double correlation)
    {
        double[,] covariance =
        {
            { 1, correlation, correlation * correlation },
            { correlation, 1, correlation },
            { correlation * correlation, correlation, 1 },
        };
        var exact = GaussianReference.TotalCorrelation(covariance);
        var estimate = FittedDependence.TotalCorrelation(GaussianRows.Draw(covariance, 16_000, seed: 141).Values, 3, steps: 800);
        Assert.Equal(exact, estimate, 0.03 + (0.1 * exact));
    }

    [Fact]
    public void Draw_Codes_KeepsEveryColumnAndBreaksTheirDependence()
    {
        double[,] covariance = { { 1, 0.9 }, { 0.9, 1 } };
        var set = GaussianRows.Draw(covariance, 5000, seed: 142);
        var drawn = IndependentCodes.Draw(new CpuDevice().Create(new Shape(5000, 2), set.Values), new SeededRandom(143)).ToArray();
        for (var j = 0; j < 2; j++)
            Assert.Equal(Column(set.Values, j).Order(), Column(drawn, j).Order());
        Assert.Equal(0, Column(drawn, 0).Zip(Column(drawn, 1), (a, b) => (double)a * b).Average(), 0.06);

        static float[] Column(float[] values, int column) => [.. Enumerable.Range(0, values.Length / 2).Select(row => values[(row * 2) + column])];
    }

    [Fact]
    public void Fit_FactorData_LatentsAreLessDependentThanThoseOfThePlainVariationalAutoencoder()
    {
        var set = Factors(4000);
        var (independent, plain) = (0.0, 0.0);
        foreach (var seed in new ulong[] { 1, 2 })
        {
            independent += Dependence(TestNetworks.Create<FactorVariationalAutoencoder>(
                new FactorVariationalAutoencoderOptions { Hidden = [32], Latent = 2, Gamma = 6 }, set, seed));
            plain += Dependence(TestNetworks.Create<VariationalAutoencoder>(new VariationalAutoencoderOptions { Hidden = [32], Latent = 2 }, set, seed));
        }

        Assert.True(independent < 0.7 * plain, $"Total correlation of the codes of two fits: {independent} with, {plain} without its penalty.");

        double Dependence(GaussianAutoencoder network)
        {
            TestNetworks.Fit(network, set, 1500, 2e-3, 256);
            return FittedDependence.TotalCorrelation(network.Encode(null, TestNetworks.All(network, set).Values).Mean.ToArray(), 2, steps: 400);
        }
    }

    [Fact]
    public void RowLosses_FixedWeightsAndNoise_EqualTheFormulasInDoublePrecision()
    {
        var set = SyntheticRows.Mixed(33, missingShare: 0, seed: 144);
        var options = new FactorVariationalAutoencoderOptions { Hidden = [19, 7], Latent = 3, Gamma = 2.5, NoiseVariance = 0.3, DiscriminatorWidth = 11 };
        var network = TestNetworks.Create<FactorVariationalAutoencoder>(options, set);
        TestNetworks.Fit(network, set, 30, 1e-2, 33);
        var batch = TestNetworks.All(network, set);
        var losses = network.RowLosses(null, batch, new LossContext(1, new SeededRandom(145))).ToArray();
        var discriminator = network.Phases[0].Objectives[1].RowLosses(null, batch, new LossContext(1, new SeededRandom(145))).ToArray();

        var noise = VariationalReference.Noise(145, 33, 3);
        var codes = new double[33][];
        for (var i = 0; i < 33; i++)
        {
            double[] row = [.. set.Values.AsSpan(i * set.Layout.Width, set.Layout.Width).ToArray().Select(value => (double)value)];
            var (mean, variance, code) = VariationalReference.Encode(network, row, noise[i]);
            codes[i] = code;
            var error = VariationalReference.Error(set.Layout, DoubleMlp.Forward(network, "decoder", code), row);
            var expected = (error / (2 * 0.3)) + VariationalReference.Divergence(mean, variance) + (2.5 * Logit(code));
            Assert.Equal(expected, losses[i], 3e-5 * (1 + Math.Abs(expected)));
        }

        // -log D(z) - log(1 - D(z')), z' the codes with each column permuted by the draws that follow the codes' noise.
        var random = new SeededRandom(145);
        for (var i = 0; i < 33 * 3; i++)
            random.NextNormal();
        int[] order = [.. Enumerable.Range(0, 33)];
        var permuted = Enumerable.Range(0, 33).Select(_ => new double[3]).ToArray();
        for (var j = 0; j < 3; j++)
        {
            random.Shuffle(order);
            for (var i = 0; i < 33; i++)
                permuted[i][j] = codes[order[i]][j];
        }

        for (var i = 0; i < 33; i++)
        {
            var expected = Math.Log(1 + Math.Exp(-Logit(codes[i]))) + Math.Log(1 + Math.Exp(Logit(permuted[i])));
            Assert.Equal(expected, discriminator[i], 3e-5 * (1 + expected));
        }

        double Logit(double[] code) => DoubleMlp.Forward(network, "discriminator", code)[0];
    }

    [Fact]
    public void Phases_Objectives_ShareNoParameter()
    {
        var set = SyntheticRows.Manifold(50, 4, 2, 0.1, seed: 146);
        var objectives = TestNetworks.Create<FactorVariationalAutoencoder>(new FactorVariationalAutoencoderOptions(), set).Phases.Single().Objectives;
        Assert.Equal(2, objectives.Count);
        Assert.All(objectives[1].Parameters, parameter => Assert.StartsWith("discriminator.", parameter.Name, StringComparison.Ordinal));
        Assert.DoesNotContain(objectives[0].Parameters, parameter => parameter.Name.StartsWith("discriminator.", StringComparison.Ordinal));
    }

    /// <summary>Draws two independent uniform factors of equal variance, mixed into six features: which rotation of them the codes take is open to a plain VAE.</summary>
    private static TrainingSet Factors(int rows)
    {
        var random = new SeededRandom(147);
        double[,] mixing = { { 1, 0 }, { 0, 1 }, { 0.7, 0.7 }, { 0.7, -0.7 }, { 0.5, 0.9 }, { 0.9, -0.5 } };
        var values = new float[rows * 6];
        for (var row = 0; row < rows; row++)
        {
            var (u, v) = (Math.Sqrt(3) * ((2 * random.NextDouble()) - 1), Math.Sqrt(3) * ((2 * random.NextDouble()) - 1));
            for (var j = 0; j < 6; j++)
                values[(row * 6) + j] = (float)((mixing[j, 0] * u) + (mixing[j, 1] * v) + (0.05 * random.NextNormal()));
        }

        return new TrainingSet(FeatureLayout.AllReal(6), values, rows);
    }
}

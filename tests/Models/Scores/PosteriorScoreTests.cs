using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tests.References;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Tests.Scores;

/// <summary>Probabilistic PCA (Tipping and Bishop, 1999): x = W z + noise of variance s². With orthogonal columns of W the posterior is diagonal, and log p(x) is known.</summary>
public sealed class PosteriorScoreTests
{
    private const int Width = 5;
    private const int Latent = 2;
    private const double Noise = 0.3;

    // A bound far away from the values that are used.
    private const float LogBound = 1000;

    private static readonly double[,] Weights = { { 1.2, 0 }, { 0.8, 0.5 }, { 0, 0.9 }, { 0.4, -0.8 }, { 0.4, -0.2 } };

    [Fact]
    public void ImportanceBound_ExactPosterior_IsTheExactLogLikelihoodForAnyNumberOfDraws()
    {
        var rows = Rows(40);
        foreach (var samples in new[] { 1, 3 })
        {
            var energies = ScoreRows.Judge(Score(ScoreKind.ImportanceBound, samples, 1, seed: 1), rows);
            for (var row = 0; row < rows.Count; row++)
                Assert.Equal(Exact(rows.Values.AsSpan(row * Width, Width)), energies[row], 1e-3);
        }
    }

    [Fact]
    public void Elbo_ExactPosterior_ReachesTheExactLogLikelihood()
    {
        var rows = Rows(100);

        var energies = ScoreRows.Judge(Score(ScoreKind.Elbo, 4000, 1, seed: 1), rows);

        // The draws' mean differs from the expectation by about 1 / sqrt(4000) of a few nats.
        var exact = Enumerable.Range(0, rows.Count).Select(row => Exact(rows.Values.AsSpan(row * Width, Width))).ToArray();
        for (var row = 0; row < rows.Count; row++)
            Assert.Equal(exact[row], energies[row], 0.25);
        Assert.Equal(exact.Average(), energies.Average(), 0.1);
    }

    [Fact]
    public void ImportanceBound_WidePosterior_GrowsWithTheDrawsTowardsTheLogLikelihood()
    {
        var rows = Rows(200);
        var exact = -Enumerable.Range(0, rows.Count).Average(row => Exact(rows.Values.AsSpan(row * Width, Width)));

        double Bound(int samples) => -Enumerable.Range(0, 40).Average(
            seed => ScoreRows.Judge(Score(ScoreKind.ImportanceBound, samples, 4, (ulong)seed), rows).Average());

        double[] bounds = [Bound(1), Bound(2), Bound(8), Bound(64)];

        for (var i = 1; i < bounds.Length; i++)
            Assert.True(bounds[i] > bounds[i - 1], $"{bounds[i - 1]} nats, then {bounds[i]} with more draws.");
        Assert.InRange(bounds[^1], exact - 0.1, exact + 0.02);
        Assert.True(bounds[0] < exact - 0.5);
    }

    [Theory]
    [InlineData(ScoreKind.ReconstructionProbability)]
    [InlineData(ScoreKind.Elbo)]
    [InlineData(ScoreKind.ImportanceBound)]
    public void Judge_Network_EqualsTheFormulaInDoublePrecisionWithTheSameNoise(ScoreKind kind)
    {
        const int samples = 3;
        var set = SyntheticRows.Mixed(60, 0, 9);
        var layout = set.Layout;
        var network = TestNetworks.Create<VariationalAutoencoder>(new VariationalAutoencoderOptions { Hidden = [9], Latent = 4 }, set);
        TestNetworks.Fit(network, set, 60, 0.01, 30);
        var noise = PosteriorScore.DrawNoise(samples, 4, 5);
        float[] variances = [.. Enumerable.Range(0, layout.Width).Select(j => 0.2f + (0.05f * j))];
        var rows = ScoreRows.Of(layout, set.Values);

        var energies = ScoreRows.Judge(new PosteriorScore(kind, network.FreezePosterior(), new RecordLikelihood(layout, variances), noise), rows);

        for (var row = 0; row < set.Rows; row++)
        {
            double[] x = [.. set.Values[(row * layout.Width)..((row + 1) * layout.Width)]];
            var (weights, likelihoods, divergence) = (new double[samples], new double[samples], 0.0);
            for (var s = 0; s < samples; s++)
            {
                var (mean, variance, code) = VariationalReference.Encode(network, x, [.. noise[(s * 4)..((s + 1) * 4)]]);
                likelihoods[s] = LogLikelihood(layout, variances, DoubleMlp.Forward(network, "decoder", code), x);
                divergence = VariationalReference.Divergence(mean, variance);
                weights[s] = likelihoods[s] + LogNormal(code, new double[4], [1, 1, 1, 1]) - LogNormal(code, mean, variance);
            }

            var expected = kind switch
            {
                ScoreKind.Elbo => divergence - likelihoods.Average(),
                ScoreKind.ImportanceBound => -Math.Log(weights.Average(Math.Exp)),
                _ => -likelihoods.Average(),
            };
            Assert.Equal(expected, energies[row], 2e-4 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void Share_Row_IsEachBlocksPartOfTheLikelihood()
    {
        var rows = Rows(3);
        var score = Score(ScoreKind.ReconstructionProbability, 5, 1, seed: 2);

        var costs = ScoreRows.Share(score, rows, 1);

        var constants = Width * 0.5 * Math.Log(2 * Math.PI * Noise);
        Assert.Equal(ScoreRows.Judge(score, rows)[1], (costs.Sum() / 5) + constants, 1e-4);
    }

    private static NormalRows Rows(int count)
    {
        var random = new Random(11);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var values = new float[count * Width];
        for (var row = 0; row < count; row++)
        {
            double[] code = [Normal(), Normal()];
            for (var j = 0; j < Width; j++)
                values[(row * Width) + j] = (float)((Weights[j, 0] * code[0]) + (Weights[j, 1] * code[1]) + (Math.Sqrt(Noise) * Normal()));
        }

        return ScoreRows.Of(FeatureLayout.AllReal(Width), values);
    }

    /// <summary>Encodes to the exact posterior, N((W'W + s²)^-1 W'x, s² (W'W + s²)^-1), its variance multiplied by <paramref name="widening"/>.</summary>
    private static PosteriorScore Score(ScoreKind kind, int samples, double widening, ulong seed)
    {
        var (encoder, bias) = (new float[Width * 2 * Latent], new float[2 * Latent]);
        var decoder = new float[Latent * Width];
        for (var k = 0; k < Latent; k++)
        {
            var square = Enumerable.Range(0, Width).Sum(j => Weights[j, k] * Weights[j, k]) + Noise;
            for (var j = 0; j < Width; j++)
            {
                encoder[(j * 2 * Latent) + k] = (float)(Weights[j, k] / square);
                decoder[(k * Width) + j] = (float)Weights[j, k];
            }

            bias[Latent + k] = (float)(LogBound * Math.Atanh(Math.Log(widening * Noise / square) / LogBound));
        }

        var posterior = new FrozenPosterior(
            [new DenseLayer(encoder, bias, Activation.Identity)], [new DenseLayer(decoder, new float[Width], Activation.Identity)], LogBound);
        float[] variances = [.. Enumerable.Repeat((float)Noise, Width)];
        return new PosteriorScore(kind, posterior, new RecordLikelihood(FeatureLayout.AllReal(Width), variances), PosteriorScore.DrawNoise(samples, Latent, seed));
    }

    /// <summary>-log N(x; 0, W W' + s² I).</summary>
    private static double Exact(ReadOnlySpan<float> x)
    {
        var covariance = new double[Width, Width];
        for (var i = 0; i < Width; i++)
        {
            for (var j = 0; j < Width; j++)
                covariance[i, j] = (Weights[i, 0] * Weights[j, 0]) + (Weights[i, 1] * Weights[j, 1]) + (i == j ? Noise : 0);
        }

        var factor = GaussianReference.Cholesky(covariance);
        var (solved, energy) = (new double[Width], Width * 0.5 * Math.Log(2 * Math.PI));
        for (var i = 0; i < Width; i++)
        {
            solved[i] = x[i];
            for (var k = 0; k < i; k++)
                solved[i] -= factor[i, k] * solved[k];
            solved[i] /= factor[i, i];
            energy += (0.5 * solved[i] * solved[i]) + Math.Log(factor[i, i]);
        }

        return energy;
    }

    private static double LogNormal(double[] x, double[] mean, double[] variance) =>
        -0.5 * Enumerable.Range(0, x.Length).Sum(j => Math.Log(2 * Math.PI * variance[j]) + (Math.Pow(x[j] - mean[j], 2) / variance[j]));

    private static double LogLikelihood(FeatureLayout layout, float[] variances, double[] output, double[] x)
    {
        var sum = 0.0;
        foreach (var block in layout.Blocks)
        {
            var alone = new FeatureLayout([block with { Start = 0 }]);
            if (block.Kind == BlockKind.Real)
                sum += LogNormal(x[block.Start..block.End], output[block.Start..block.End], [.. variances[block.Start..block.End]]);
            else
                sum -= VariationalReference.Error(alone, output[block.Start..block.End], x[block.Start..block.End]);
        }

        return sum;
    }
}

using AEAnomaly.Models.Features;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Tests.References;

/// <summary>Computes the parts of the variational objective of one row in double precision, from the papers' formulas and a network's stored weights.</summary>
internal static class VariationalReference
{
    /// <summary>Draws the noise of a batch in the order the network draws it.</summary>
    public static double[][] Noise(ulong seed, int rows, int latent)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, latent).Select(_ => (double)(float)random.NextNormal()).ToArray())];
    }

    /// <summary>Encodes a row: means, variances and the draw z = mean + sqrt(variance) noise.</summary>
    public static (double[] Mean, double[] Variance, double[] Code) Encode(Network network, double[] row, double[] noise)
    {
        var head = DoubleMlp.Forward(network, "encoder", row);
        var latent = noise.Length;
        var mean = head[..latent];

        // The network bounds logarithms of variances to +- 8 by a scaled tanh.
        double[] variance = [.. head[latent..].Select(raw => Math.Exp(8 * Math.Tanh(raw / 8)))];
        return (mean, variance, [.. Enumerable.Range(0, latent).Select(j => mean[j] + (Math.Sqrt(variance[j]) * noise[j]))]);
    }

    /// <summary>KL(N(mean, variance) || N(0, 1)) = sum_j (variance_j + mean_j² - 1 - log variance_j) / 2 (Kingma and Welling, 2014, appendix B).</summary>
    public static double Divergence(double[] mean, double[] variance) =>
        Enumerable.Range(0, mean.Length).Sum(j => 0.5 * (variance[j] + (mean[j] * mean[j]) - 1 - Math.Log(variance[j])));

    /// <summary>Sums the errors of the blocks of unit weight: squares of real features, cross-entropies of the others.</summary>
    public static double Error(FeatureLayout layout, double[] output, double[] row)
    {
        var sum = 0.0;
        foreach (var block in layout.Blocks)
        {
            var normalizer = Enumerable.Range(block.Start, block.Width).Sum(j => Math.Exp(output[j]));
            for (var j = block.Start; j < block.End; j++)
            {
                var probability = block.Kind == BlockKind.Category ? Math.Exp(output[j]) / normalizer : 1 / (1 + Math.Exp(-output[j]));
                sum += block.Kind switch
                {
                    BlockKind.Real => Math.Pow(output[j] - row[j], 2),
                    BlockKind.Binary => -(row[j] * Math.Log(probability)) - ((1 - row[j]) * Math.Log(1 - probability)),
                    _ => -row[j] * Math.Log(probability),
                };
            }
        }

        return sum;
    }
}

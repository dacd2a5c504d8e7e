using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.References;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Tests.Variants.Plain;

public sealed class LinearAutoencoderTests
{
    private const int Rows = 400;
    private const int Width = 8;
    private const int Latent = 3;

    [Fact]
    public void RowLosses_Optimum_SpansThePrincipalSubspace()
    {
        var set = GaussianRows();
        var network = TestNetworks.Create<LinearAutoencoder>(new LinearAutoencoderOptions { Latent = Latent }, set);
        TestNetworks.Fit(network, set, 4000, 0.01, Rows);

        var (values, vectors) = SymmetricEigen.Compute(Covariance(set));
        var basis = Orthonormal(network.Parameters.All.Single(parameter => parameter.Name == "decoder.0.weight").Value.ToArray());

        // The Frobenius norm of what lies outside bounds the sine of every principal angle.
        Assert.True(Outside(basis, vectors) < 1e-3, $"Outside of the principal subspace lies {Outside(basis, vectors)}.");

        var expected = values[Latent..].Sum();
        var error = network.Scores(TestNetworks.All(network, set)).ToArray().Average(score => (double)score);
        Assert.Equal(expected, error, 1e-4 * expected);
    }

    [Fact]
    public void Train_HiddenLayers_AreRefusedByName()
    {
        var error = Assert.Throws<ArgumentException>(() => ModelTrainer.Train(
            GaussianRows(), new LinearAutoencoderOptions { Hidden = [4] }, new TrainingOptions(), TimeProvider.System));
        Assert.Contains("Hidden lists 1 layers; this variant has none", error.Message, StringComparison.Ordinal);
    }

    private static TrainingSet GaussianRows()
    {
        var random = new SeededRandom(81);
        double[] deviations = [2.5, 2, 1.5, 0.8, 0.6, 0.5, 0.4, 0.3];
        var mixing = new float[Width * Width];
        foreach (ref var value in mixing.AsSpan())
            value = (float)random.NextNormal();
        var axes = Orthonormal(mixing);
        var values = new float[Rows * Width];
        for (var row = 0; row < Rows; row++)
        {
            for (var k = 0; k < Width; k++)
            {
                var draw = deviations[k] * random.NextNormal();
                for (var j = 0; j < Width; j++)
                    values[(row * Width) + j] += (float)(draw * axes[k][j]);
            }

            for (var j = 0; j < Width; j++)
                values[(row * Width) + j] += 0.5f * j;
        }

        return new TrainingSet(FeatureLayout.AllReal(Width), values, Rows);
    }

    private static double[,] Covariance(TrainingSet set)
    {
        var means = new double[Width];
        for (var i = 0; i < Rows * Width; i++)
            means[i % Width] += set.Values[i] / (double)Rows;
        var covariance = new double[Width, Width];
        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < Width; i++)
            {
                for (var j = 0; j < Width; j++)
                    covariance[i, j] += (set.Values[(row * Width) + i] - means[i]) * (set.Values[(row * Width) + j] - means[j]) / Rows;
            }
        }

        return covariance;
    }

    /// <summary>Orthonormalises the columns of a row-major matrix of <see cref="Width"/> rows (Gram-Schmidt, twice).</summary>
    private static double[][] Orthonormal(float[] matrix)
    {
        var columns = matrix.Length / Width;
        var basis = new double[columns][];
        for (var k = 0; k < columns; k++)
        {
            var column = new double[Width];
            for (var j = 0; j < Width; j++)
                column[j] = matrix[(j * columns) + k];
            for (var pass = 0; pass < 2; pass++)
            {
                for (var other = 0; other < k; other++)
                {
                    var product = column.Zip(basis[other], (a, b) => a * b).Sum();
                    for (var j = 0; j < Width; j++)
                        column[j] -= product * basis[other][j];
                }
            }

            var norm = Math.Sqrt(column.Sum(value => value * value));
            basis[k] = [.. column.Select(value => value / norm)];
        }

        return basis;
    }

    private static double Outside(double[][] basis, double[,] vectors)
    {
        var squares = 0.0;
        foreach (var direction in basis)
        {
            for (var k = Latent; k < Width; k++)
            {
                var product = 0.0;
                for (var j = 0; j < Width; j++)
                    product += direction[j] * vectors[j, k];
                squares += product * product;
            }
        }

        return Math.Sqrt(squares);
    }
}

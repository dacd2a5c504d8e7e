using AEAnomaly.Models.Features;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Tests.References;
using AEAnomaly.Models.Tests.Training;

namespace AEAnomaly.Models.Tests.Scores;

public sealed class WhitenedScoreTests
{
    // Products and sums run in float32.
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData(1, 40)]
    [InlineData(7, 40)]
    [InlineData(33, 20)]
    public void Judge_Rows_EqualsTheFormulaInDoublePrecision(int width, int count)
    {
        var rows = ScoreRows.Of(FeatureLayout.AllReal(width), GaussianRows.Draw(Toeplitz(width, 0.7), count, 5).Values);

        var energies = ScoreRows.Judge(WhitenedScore.Fit(rows), rows);

        var (mean, inverse) = Reference(rows.Residuals, width, 1e-3);
        for (var row = 0; row < count; row++)
        {
            var x = Enumerable.Range(0, width).Select(j => rows.Residuals[(row * width) + j] - mean[j]).ToArray();
            var distance = Enumerable.Range(0, width).Sum(i => x[i] * Enumerable.Range(0, width).Sum(j => inverse[i, j] * x[j]));
            Assert.Equal(distance, energies[row], Tolerance * (1 + distance));
        }
    }

    [Fact]
    public void Judge_GaussianOfKnownCovariance_IsItsMahalanobisDistance()
    {
        const int width = 10;
        var covariance = Toeplitz(width, 0.5);
        var score = WhitenedScore.Fit(ScoreRows.Of(FeatureLayout.AllReal(width), GaussianRows.Draw(covariance, 50_000, 1).Values));
        var rows = ScoreRows.Of(FeatureLayout.AllReal(width), GaussianRows.Draw(covariance, 20_000, 2).Values);

        var energies = ScoreRows.Judge(score, rows);

        // The distance is chi-square distributed: mean and half its variance are the width. The ridge takes at most 1 % in the weakest direction.
        Assert.Equal(width, energies.Average(), 0.02 * width);
        Assert.Equal(width, energies.Select(energy => Math.Pow(energy - width, 2)).Average() / 2, 0.06 * width);
        var factor = GaussianReference.Cholesky(covariance);
        for (var row = 0; row < 50; row++)
            Assert.Equal(Distance(factor, rows.Residuals.AsSpan(row * width, width)), energies[row], 0.06 * energies[row]);
    }

    [Fact]
    public void Judge_ConstantFeatureAndFewRows_IsFinite()
    {
        var values = GaussianRows.Draw(Toeplitz(9, 0.9), 3, 8).Values;
        for (var row = 0; row < 3; row++)
            values[(row * 9) + 4] = 2.5f;
        var score = WhitenedScore.Fit(ScoreRows.Of(FeatureLayout.AllReal(9), values));
        var odd = ScoreRows.Of(FeatureLayout.AllReal(9), [0, 0, 0, 0, 3.5f, 0, 0, 0, 0]);
        var usual = ScoreRows.Of(FeatureLayout.AllReal(9), [0, 0, 0, 0, 2.5f, 0, 0, 0, 0]);

        var (oddEnergy, usualEnergy) = (ScoreRows.Judge(score, odd)[0], ScoreRows.Judge(score, usual)[0]);

        Assert.True(float.IsFinite(oddEnergy));
        Assert.True(oddEnergy > usualEnergy);
    }

    [Fact]
    public void Share_Row_SumsToTheEnergyAndLeavesMissingOut()
    {
        var layout = SyntheticRows.MixedLayout;
        var set = SyntheticRows.Mixed(300, 0.2, 4);
        var rows = ScoreRows.Of(layout, set.Values, set.Missing);
        var score = WhitenedScore.Fit(rows);
        var energies = ScoreRows.Judge(score, rows);

        for (var row = 0; row < 20; row++)
        {
            var costs = ScoreRows.Share(score, rows, row);
            Assert.Equal(energies[row], costs.Sum(), 1e-3 * (1 + energies[row]));
            for (var b = 0; b < layout.BlockCount; b++)
                Assert.True(rows.IsPresent(row, b) || costs[b] == 0);
        }
    }

    [Fact]
    public void Fit_FieldMissingInMostRows_HasTheVarianceOfTheRowsThatHaveIt()
    {
        var set = GaussianRows.Draw(Toeplitz(2, 0), 20_000, 3);
        var missing = new byte[2 * set.Rows];
        for (var row = 0; row < set.Rows; row++)
        {
            missing[2 * row] = (byte)(row % 4 == 0 ? 0 : 1);
            set.Values[2 * row] *= 1 - missing[2 * row];
        }

        var score = WhitenedScore.Fit(ScoreRows.Of(set.Layout, set.Values, missing));

        Assert.Equal(4, ScoreRows.Judge(score, ScoreRows.Of(set.Layout, [2, 0]))[0], 0.25);
    }

    private static double[,] Toeplitz(int width, double correlation)
    {
        var matrix = new double[width, width];
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < width; j++)
                matrix[i, j] = Math.Pow(correlation, Math.Abs(i - j));
        }

        return matrix;
    }

    private static double Distance(double[,] factor, ReadOnlySpan<float> x)
    {
        var solved = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            solved[i] = x[i];
            for (var k = 0; k < i; k++)
                solved[i] -= factor[i, k] * solved[k];
            solved[i] /= factor[i, i];
        }

        return solved.Sum(value => value * value);
    }

    // Ledoit and Wolf's formula with every product of a row written out, the inverse from eigenvectors.
    private static (double[] Mean, double[,] Inverse) Reference(float[] values, int width, double ridge)
    {
        var count = values.Length / width;
        var mean = Enumerable.Range(0, width).Select(j => Enumerable.Range(0, count).Average(row => (double)values[(row * width) + j])).ToArray();
        var x = Enumerable.Range(0, count).Select(row => Enumerable.Range(0, width).Select(j => values[(row * width) + j] - mean[j]).ToArray()).ToArray();
        var s = new double[width, width];
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < width; j++)
                s[i, j] = x.Average(row => row[i] * row[j]);
        }

        var m = Enumerable.Range(0, width).Average(i => s[i, i]);
        double error = 0, spread = 0;
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < width; j++)
            {
                error += x.Sum(row => Math.Pow((row[i] * row[j]) - s[i, j], 2)) / ((double)count * count);
                spread += Math.Pow(s[i, j] - (i == j ? m : 0), 2);
            }
        }

        var shrinkage = spread > 0 ? Math.Min(1, error / spread) : 1;
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < width; j++)
                s[i, j] = ((1 - shrinkage) * s[i, j]) + (i == j ? (shrinkage + ridge) * m : 0);
        }

        var (eigenvalues, vectors) = SymmetricEigen.Compute(s);
        var inverse = new double[width, width];
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < width; j++)
                inverse[i, j] = Enumerable.Range(0, width).Sum(k => vectors[i, k] * vectors[j, k] / eigenvalues[k]);
        }

        return (mean, inverse);
    }
}

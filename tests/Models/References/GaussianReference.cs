namespace AEAnomaly.Models.Tests.References;

/// <summary>Computes what is known exactly about Gaussians, in double precision.</summary>
internal static class GaussianReference
{
    /// <summary>Computes the lower Cholesky factor of a covariance.</summary>
    public static double[,] Cholesky(double[,] covariance)
    {
        var n = covariance.GetLength(0);
        var factor = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = covariance[i, j];
                for (var k = 0; k < j; k++)
                    sum -= factor[i, k] * factor[j, k];
                factor[i, j] = i == j ? Math.Sqrt(sum) : sum / factor[j, j];
            }
        }

        return factor;
    }

    /// <summary>Computes E[x_target | x_given] of N(0, covariance) by solving covariance[given, given] w = covariance[given, target].</summary>
    public static double ConditionalMean(double[,] covariance, int target, int[] given, Func<int, double> value)
    {
        var n = given.Length;
        var part = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
                part[i, j] = covariance[given[i], given[j]];
        }

        var factor = Cholesky(part);
        var weights = new double[n];
        for (var i = 0; i < n; i++)
        {
            weights[i] = covariance[given[i], target];
            for (var k = 0; k < i; k++)
                weights[i] -= factor[i, k] * weights[k];
            weights[i] /= factor[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
                weights[i] -= factor[k, i] * weights[k];
            weights[i] /= factor[i, i];
        }

        return Enumerable.Range(0, n).Sum(i => weights[i] * value(given[i]));
    }

    /// <summary>Computes the total correlation of N(0, covariance): (sum_j log covariance_jj - log det covariance) / 2.</summary>
    public static double TotalCorrelation(double[,] covariance)
    {
        var factor = Cholesky(covariance);
        return Enumerable.Range(0, covariance.GetLength(0)).Sum(j => (0.5 * Math.Log(covariance[j, j])) - Math.Log(factor[j, j]));
    }
}

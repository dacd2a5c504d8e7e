using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Scores;

/// <summary>Estimates a covariance that can be inverted however few rows there are: drawn towards a multiple of the identity by as much as its own error calls for.</summary>
/// <remarks>
/// S' = (1 - l) S + (l + ridge) m I with m = trace(S) / width and l = min(1, sum_k |x_k x_k' - S|² / (rows² |S - m I|²)): Ledoit and Wolf, "A
/// well-conditioned estimator for large-dimensional covariance matrices", Journal of Multivariate Analysis 88, 2004. The ridge is for what shrinkage does not
/// bound, a feature that never varied among many rows: it weighs at most 1 / ridge times the mean one, not infinitely.
/// </remarks>
internal static class ShrunkCovariance
{
    // Where nothing varies at all there is no mean variance to take a share of.
    private const double LeastVariance = 1e-8;
    private const int ChunkRows = 256;

    /// <summary>Estimates the covariance of rows whose mean is 0.</summary>
    /// <param name="rows">Row-major <c>[count, width]</c>; at least one row.</param>
    /// <param name="width">Values of a row.</param>
    /// <param name="ridge">Variance that is added in every direction, as a share of the mean variance; above 0.</param>
    /// <returns>Row-major <c>[width, width]</c>, positive definite.</returns>
    public static double[] Fit(ReadOnlySpan<float> rows, int width, double ridge)
    {
        var count = rows.Length / width;
        var covariance = SecondMoments(rows, width);
        var trace = 0.0;
        for (var i = 0; i < width; i++)
            trace += covariance[i * (width + 1)];
        var mean = Math.Max(trace / width, LeastVariance);
        var shrinkage = Shrinkage(rows, width, count, covariance, trace / width);
        for (var i = 0; i < covariance.Length; i++)
            covariance[i] *= 1 - shrinkage;
        for (var i = 0; i < width; i++)
            covariance[i * (width + 1)] += (shrinkage + ridge) * mean;
        return covariance;
    }

    private static double Shrinkage(ReadOnlySpan<float> rows, int width, int count, double[] covariance, double mean)
    {
        var (squares, fromIdentity) = (0.0, 0.0);
        for (var i = 0; i < covariance.Length; i++)
        {
            squares += covariance[i] * covariance[i];
            var difference = covariance[i] - (i % (width + 1) == 0 ? mean : 0);
            fromIdentity += difference * difference;
        }

        var fourth = 0.0;
        for (var row = 0; row < count; row++)
        {
            var norm = 0.0;
            foreach (var value in rows.Slice(row * width, width))
                norm += (double)value * value;
            fourth += norm * norm;
        }

        // sum_k |x_k x_k' - S|² = sum_k |x_k|^4 - rows |S|².
        var error = Math.Max(0, (fourth / count) - squares) / count;
        return fromIdentity > 0 ? Math.Min(1, error / fromIdentity) : 1;
    }

    private static double[] SecondMoments(ReadOnlySpan<float> rows, int width)
    {
        var count = rows.Length / width;
        var sums = new double[width * width];
        var part = new float[width * width];
        for (var start = 0; start < count; start += ChunkRows)
        {
            var chunk = Math.Min(ChunkRows, count - start);
            var values = rows.Slice(start * width, chunk * width);
            MatrixKernels.Multiply(values, true, values, false, part, width, width, chunk, accumulate: false);
            for (var i = 0; i < part.Length; i++)
                sums[i] += part[i];
        }

        for (var i = 0; i < sums.Length; i++)
            sums[i] /= count;
        return sums;
    }
}

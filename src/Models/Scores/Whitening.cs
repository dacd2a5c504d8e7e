using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores;

/// <summary>Turns vectors of covariance S into ones of unit covariance: y = x F with F F' = S^-1, so that |y|² = x' S^-1 x.</summary>
/// <remarks>F is the inverse transpose of S's Cholesky factor.</remarks>
internal sealed class Whitening
{
    private readonly float[] _mean;
    private readonly float[] _factor;

    private Whitening(float[] mean, float[] factor)
    {
        _mean = mean;
        _factor = factor;
    }

    /// <summary>Gets the values of a vector.</summary>
    public int Width => _mean.Length;

    /// <summary>Gets the mean to subtract from a vector.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>Gets F, row-major <c>[Width, Width]</c>.</summary>
    public ReadOnlySpan<float> Factor => _factor;

    /// <summary>Fits the whitening.</summary>
    /// <param name="mean">Mean of the vectors.</param>
    /// <param name="centred">Vectors without their mean, row-major <c>[rows, mean.Length]</c>; at least one.</param>
    /// <param name="ridge">As <see cref="ShrunkCovariance.Fit"/> takes it.</param>
    public static Whitening Fit(float[] mean, ReadOnlySpan<float> centred, double ridge) =>
        new(mean, InverseFactor(ShrunkCovariance.Fit(centred, mean.Length, ridge), mean.Length));

    /// <summary>Takes a whitening back.</summary>
    public static Whitening Take(ScoreStore store, string name, int width) =>
        new(store.Take($"{name}.mean", new Shape(width)), store.Take($"{name}.factor", new Shape(width, width)));

    /// <summary>Keeps mean and factor.</summary>
    public void Keep(ScoreStore store, string name)
    {
        store.Put($"{name}.mean", new Shape(Width), _mean);
        store.Put($"{name}.factor", new Shape(Width, Width), _factor);
    }

    /// <summary>Computes y = x F.</summary>
    /// <param name="centred">x, without the mean, <c>[rows, Width]</c>.</param>
    /// <param name="white">Receives y <c>[rows, Width]</c>.</param>
    /// <param name="rows">Number of vectors.</param>
    public void Apply(ReadOnlySpan<float> centred, Span<float> white, int rows) =>
        MatrixKernels.Multiply(centred, false, _factor, false, white, rows, Width, Width, accumulate: false);

    /// <summary>Computes S^-1 x = F y.</summary>
    /// <param name="white">y <c>[rows, Width]</c>.</param>
    /// <param name="solved">Receives <c>[rows, Width]</c>.</param>
    /// <param name="rows">Number of vectors.</param>
    public void Solve(ReadOnlySpan<float> white, Span<float> solved, int rows) =>
        MatrixKernels.Multiply(white, false, _factor, true, solved, rows, Width, Width, accumulate: false);

    // S = L L'; row i of inverse(L) is found from the rows above it, and F = inverse(L)'.
    private static float[] InverseFactor(double[] covariance, int width)
    {
        var lower = new double[width * width];
        var inverse = new double[width * width];
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = covariance[(i * width) + j];
                for (var k = 0; k < j; k++)
                    sum -= lower[(i * width) + k] * lower[(j * width) + k];
                lower[(i * width) + j] = i == j ? Math.Sqrt(sum) : sum / lower[(j * width) + j];
            }

            inverse[i * (width + 1)] = 1 / lower[i * (width + 1)];
            for (var k = 0; k < i; k++)
            {
                var factor = lower[(i * width) + k] / lower[i * (width + 1)];
                for (var j = 0; j <= k; j++)
                    inverse[(i * width) + j] -= factor * inverse[(k * width) + j];
            }
        }

        var result = new float[width * width];
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j <= i; j++)
                result[(j * width) + i] = (float)inverse[(i * width) + j];
        }

        return result;
    }
}

using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Scores;

/// <summary>Finds the few directions in which vectors vary most: principal component analysis by subspace iteration.</summary>
/// <remarks>Halko, Martinsson and Tropp, "Finding Structure with Randomness", SIAM Review 53, 2011: a few passes come close, and any orthonormal directions serve the search.</remarks>
internal static class PrincipalDirections
{
    private const int Passes = 8;
    private const double LeastShare = 1e-5;

    /// <summary>Finds directions.</summary>
    /// <param name="vectors">Row-major <c>[rows, width]</c> of mean 0.</param>
    /// <param name="width">Values of a vector.</param>
    /// <param name="count">Directions wanted.</param>
    /// <returns>Row-major <c>[width, count]</c>, its columns orthonormal; 0 where vectors vary in fewer directions.</returns>
    public static float[] Fit(ReadOnlySpan<float> vectors, int width, int count)
    {
        var rows = vectors.Length / width;
        var random = new SeededRandom(1);
        var basis = new float[width * count];
        foreach (ref var value in basis.AsSpan())
            value = (float)random.NextNormal();

        var projected = new float[rows * count];
        for (var pass = 0; pass < Passes; pass++)
        {
            Orthonormalize(basis, width, count);
            MatrixKernels.Multiply(vectors, false, basis, false, projected, rows, count, width, accumulate: false);
            MatrixKernels.Multiply(vectors, true, projected, false, basis, width, count, rows, accumulate: false);
        }

        Orthonormalize(basis, width, count);
        return basis;
    }

    // Gram and Schmidt, each column cleared twice of those before it: once leaves rounding behind.
    private static void Orthonormalize(float[] basis, int width, int count)
    {
        var columns = new double[count][];
        for (var c = 0; c < count; c++)
        {
            var column = columns[c] = new double[width];
            for (var i = 0; i < width; i++)
                column[i] = basis[(i * count) + c];

            var before = Math.Sqrt(Product(column, column));
            for (var earlier = 0; earlier < 2 * c; earlier++)
            {
                var other = columns[earlier % c];
                var share = Product(column, other);
                for (var i = 0; i < width; i++)
                    column[i] -= share * other[i];
            }

            var norm = Math.Sqrt(Product(column, column));
            var scale = norm > LeastShare * before ? 1 / norm : 0;
            for (var i = 0; i < width; i++)
                basis[(i * count) + c] = (float)(column[i] *= scale);
        }
    }

    private static double Product(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}

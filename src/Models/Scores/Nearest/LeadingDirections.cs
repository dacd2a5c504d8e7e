using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Scores.Nearest;

/// <summary>Finds orthonormal directions along which vectors vary most.</summary>
internal static class LeadingDirections
{
    private const int Iterations = 12;
    private const double LeastShare = 1e-6;

    /// <summary>Finds them by orthogonal iteration from random directions: any orthonormal ones would do, the leading ones leave least aside.</summary>
    /// <param name="vectors">Centred vectors, row-major <c>[rows, width]</c>.</param>
    /// <param name="rows">Number of vectors.</param>
    /// <param name="width">Values of a vector.</param>
    /// <param name="count">Directions.</param>
    /// <returns>Row-major <c>[width, count]</c>; where the vectors have fewer directions, the last columns are 0.</returns>
    public static float[] Find(ReadOnlySpan<float> vectors, int rows, int width, int count)
    {
        var directions = new float[width * count];
        var random = new SeededRandom(1);
        for (var i = 0; i < directions.Length; i++)
            directions[i] = (float)random.NextNormal();
        var coordinates = new float[rows * count];
        for (var i = 0; i < Iterations; i++)
        {
            Orthonormalize(directions, width, count);
            MatrixKernels.Multiply(vectors, false, directions, false, coordinates, rows, count, width, accumulate: false);
            MatrixKernels.Multiply(vectors, true, coordinates, false, directions, width, count, rows, accumulate: false);
        }

        Orthonormalize(directions, width, count);
        return directions;
    }

    // Gram and Schmidt, twice over each column; a column that depends on the ones before becomes 0, which is as good as left out.
    private static void Orthonormalize(float[] columns, int rows, int count)
    {
        var column = new double[rows];
        for (var q = 0; q < count; q++)
        {
            for (var i = 0; i < rows; i++)
                column[i] = columns[(i * count) + q];
            var before = Math.Sqrt(column.Sum(value => value * value));
            for (var pass = 0; pass < 2; pass++)
            {
                for (var p = 0; p < q; p++)
                {
                    var product = 0.0;
                    for (var i = 0; i < rows; i++)
                        product += column[i] * columns[(i * count) + p];
                    for (var i = 0; i < rows; i++)
                        column[i] -= product * columns[(i * count) + p];
                }
            }

            var length = Math.Sqrt(column.Sum(value => value * value));
            for (var i = 0; i < rows; i++)
                columns[(i * count) + q] = length > LeastShare * before ? (float)(column[i] / length) : 0;
        }
    }
}

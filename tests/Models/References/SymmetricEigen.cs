namespace AEAnomaly.Models.Tests.References;

/// <summary>Computes eigenvalues and eigenvectors of a symmetric matrix by Jacobi rotations in double precision.</summary>
internal static class SymmetricEigen
{
    /// <returns>Eigenvalues, descending, and the eigenvectors as the columns of a matrix.</returns>
    public static (double[] Values, double[,] Vectors) Compute(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        var v = new double[n, n];
        for (var i = 0; i < n; i++)
            v[i, i] = 1;

        for (var sweep = 0; sweep < 100; sweep++)
        {
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    if (Math.Abs(a[p, q]) < 1e-300)
                        continue;
                    var theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
                    var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
                    var c = 1 / Math.Sqrt((t * t) + 1);
                    Rotate(a, v, p, q, c, t * c);
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => a[i, i])];
        var vectors = new double[n, n];
        for (var j = 0; j < n; j++)
        {
            for (var i = 0; i < n; i++)
                vectors[i, j] = v[i, order[j]];
        }

        return ([.. order.Select(i => a[i, i])], vectors);
    }

    private static void Rotate(double[,] a, double[,] v, int p, int q, double c, double s)
    {
        var n = a.GetLength(0);
        for (var k = 0; k < n; k++)
            (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
        for (var k = 0; k < n; k++)
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
        for (var k = 0; k < n; k++)
            (v[k, p], v[k, q]) = ((c * v[k, p]) - (s * v[k, q]), (s * v[k, p]) + (c * v[k, q]));
    }
}

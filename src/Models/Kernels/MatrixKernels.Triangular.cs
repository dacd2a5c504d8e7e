namespace AEAnomaly.Models.Kernels;

internal static unsafe partial class MatrixKernels
{
    /// <summary>Computes c = op(a) op(b), or c += op(a) op(b), without the work that a triangle saves: about half.</summary>
    /// <param name="a">Row-major <c>[m, k]</c>, or <c>[k, m]</c> when transposed.</param>
    /// <param name="transposeA">True to multiply by the transpose of <paramref name="a"/>.</param>
    /// <param name="b">Row-major <c>[k, n]</c>, or <c>[n, k]</c> when transposed; holds its zeros.</param>
    /// <param name="transposeB">True to multiply by the transpose of <paramref name="b"/>.</param>
    /// <param name="c">Row-major <c>[m, n]</c>; overlaps neither operand.</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="n">Columns of the product.</param>
    /// <param name="k">Depth.</param>
    /// <param name="accumulate">True to add to <paramref name="c"/>, false to overwrite it.</param>
    /// <param name="triangle">What can be left out.</param>
    /// <param name="width">Registers to work with; the wanted elements do not depend on it.</param>
    /// <exception cref="ArgumentException">A size is negative, a span's length does not fit, or the triangle is not that of a square.</exception>
    public static void MultiplyTriangular(
        ReadOnlySpan<float> a,
        bool transposeA,
        ReadOnlySpan<float> b,
        bool transposeB,
        Span<float> c,
        int m,
        int n,
        int k,
        bool accumulate,
        MatrixTriangle triangle,
        VectorWidth width)
    {
        CheckShapes(a.Length, b.Length, c.Length, m, n, k);
        var (name, extent) = triangle is MatrixTriangle.RightLower or MatrixTriangle.RightUpper ? ("right operand", k) : ("result", m);
        if (triangle != MatrixTriangle.None && extent != n)
            throw new ArgumentException($"MultiplyTriangular: the {name} [{extent}, {n}] is not square.", nameof(triangle));

        fixed (float* pointerA = a, pointerB = b, pointerC = c)
        {
            var product = new MatrixProduct
            {
                Left = pointerA,
                LeftRowStep = transposeA ? 1 : k,
                LeftDepthStep = transposeA ? m : 1,
                Right = pointerB,
                RightDepthStep = transposeB ? 1 : n,
                RightColumnStep = transposeB ? k : 1,
                Output = pointerC,
                Rows = m,
                Columns = n,
                Depth = k,
                Accumulate = accumulate,
                Triangle = triangle,
            };
            Run(product, width);
        }
    }

    /// <summary>Finds the depths that the columns of a panel need.</summary>
    private static (int Start, int End) Depths(in MatrixProduct product, int column, int columns) => product.Triangle switch
    {
        MatrixTriangle.RightLower => (column, product.Depth),
        MatrixTriangle.RightUpper => (0, column + columns),
        _ => (0, product.Depth),
    };

    /// <summary>Finds the rows that are wanted of the columns of a panel.</summary>
    private static (int Start, int End) Rows(in MatrixProduct product, int column, int columns) => product.Triangle switch
    {
        MatrixTriangle.ResultLower => (column, product.Rows),
        MatrixTriangle.ResultUpper => (0, column + columns),
        _ => (0, product.Rows),
    };
}

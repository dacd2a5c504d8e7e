namespace AEAnomaly.Models.Kernels;

internal static unsafe partial class MatrixKernels
{
    /// <summary>
    /// Computes the step back through a linear layer to the sums of the ReLU layer before it: c = a b where the mask is above 0 and 0 elsewhere; the column sums of c,
    /// rows in order, are added to <paramref name="columnSums"/>.
    /// </summary>
    /// <param name="a">Row-major <c>[m, k]</c>: gradient of the layer's sums.</param>
    /// <param name="b">Row-major <c>[k, n]</c>: its weights.</param>
    /// <param name="mask">Row-major <c>[m, n]</c>: what the layer before it gave.</param>
    /// <param name="c">Row-major <c>[m, n]</c>; overlaps no operand.</param>
    /// <param name="columnSums"><c>[n]</c>.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Inputs of the layer.</param>
    /// <param name="k">Outputs of the layer, at least 1.</param>
    /// <exception cref="ArgumentException">A size is out of range or a span's length does not fit.</exception>
    public static void MultiplyMasked(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> mask, Span<float> c, Span<float> columnSums, int m, int n, int k) =>
        MultiplyMasked(a, b, mask, c, columnSums, m, n, k, VectorWidths.Widest);

    /// <summary>As above, on vector registers of the caller's choice.</summary>
    public static void MultiplyMasked(
        ReadOnlySpan<float> a,
        ReadOnlySpan<float> b,
        ReadOnlySpan<float> mask,
        Span<float> c,
        Span<float> columnSums,
        int m,
        int n,
        int k,
        VectorWidth width)
    {
        CheckShapes(a.Length, b.Length, c.Length, m, n, k);
        if (k < 1 || mask.Length != c.Length || columnSums.Length != n)
            throw new ArgumentException($"MultiplyMasked: a mask of {mask.Length} values and {columnSums.Length} sums do not fit a product [{m}, {n}] of depth {k}.");

        fixed (float* pointerA = a, pointerB = b, pointerC = c, pointerMask = mask, pointerSums = columnSums)
        {
            var product = new MatrixProduct
            {
                Left = pointerA,
                LeftRowStep = k,
                LeftDepthStep = 1,
                Right = pointerB,
                RightDepthStep = n,
                RightColumnStep = 1,
                Mask = pointerMask,
                ColumnSums = pointerSums,
                Output = pointerC,
                Rows = m,
                Columns = n,
                Depth = k,
            };
            Run(product, width);
        }
    }
}

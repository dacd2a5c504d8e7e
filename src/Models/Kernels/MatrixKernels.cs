using System.Buffers;
using System.Runtime.Intrinsics;

namespace AEAnomaly.Models.Kernels;

/// <summary>Multiplies float32 matrices on one thread.</summary>
/// <remarks>
/// Every element of a product is one chain of fused multiply-adds over the depth, in order, so a result has the same bits on every machine, for every vector width
/// and wherever its row stands in a batch. Working memory is rented from the shared array pool: nothing is allocated in steady state.
/// </remarks>
internal static unsafe partial class MatrixKernels
{
    // 256 floats deep, a packed panel of 32 columns fills 32 KB and leaves room for the rows beside it in 48 KB of L1.
    private const int MaxDepth = 256;

    // Packing a panel pays once at least this many tiles read it.
    private const int MinTilesToPack = 4;

    // Floats in 64 bytes: a cache line, and the widest register.
    private const int Alignment = 16;

    /// <summary>Computes c = op(a) op(b), or c += op(a) op(b).</summary>
    /// <param name="a">Row-major <c>[m, k]</c>, or <c>[k, m]</c> when transposed.</param>
    /// <param name="transposeA">True to multiply by the transpose of <paramref name="a"/>.</param>
    /// <param name="b">Row-major <c>[k, n]</c>, or <c>[n, k]</c> when transposed.</param>
    /// <param name="transposeB">True to multiply by the transpose of <paramref name="b"/>.</param>
    /// <param name="c">Row-major <c>[m, n]</c>; overlaps neither operand.</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="n">Columns of the product.</param>
    /// <param name="k">Depth: columns of op(a) and rows of op(b).</param>
    /// <param name="accumulate">True to add to <paramref name="c"/>, false to overwrite it.</param>
    /// <exception cref="ArgumentException">A size is negative or a span's length does not fit.</exception>
    public static void Multiply(
        ReadOnlySpan<float> a, bool transposeA, ReadOnlySpan<float> b, bool transposeB, Span<float> c, int m, int n, int k, bool accumulate) =>
        Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate, VectorWidths.Widest);

    /// <summary>As above, on vector registers of the caller's choice.</summary>
    public static void Multiply(
        ReadOnlySpan<float> a,
        bool transposeA,
        ReadOnlySpan<float> b,
        bool transposeB,
        Span<float> c,
        int m,
        int n,
        int k,
        bool accumulate,
        VectorWidth width) =>
        MultiplyTriangular(a, transposeA, b, transposeB, c, m, n, k, accumulate, MatrixTriangle.None, width);

    /// <summary>Computes the forward pass of a linear layer: output = input op(weights) + bias, each below 0 replaced by 0 when <paramref name="relu"/>.</summary>
    /// <param name="input">Row-major <c>[m, k]</c>.</param>
    /// <param name="weights">Row-major <c>[k, n]</c>, or <c>[n, k]</c> when transposed.</param>
    /// <param name="transposeWeights">True to multiply by the transpose of <paramref name="weights"/>.</param>
    /// <param name="bias"><c>[n]</c>.</param>
    /// <param name="output">Row-major <c>[m, n]</c>; overlaps no operand.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Outputs of the layer.</param>
    /// <param name="k">Inputs of the layer.</param>
    /// <param name="relu">True to apply max(x, 0).</param>
    /// <exception cref="ArgumentException">A size is negative or a span's length does not fit.</exception>
    public static void Linear(
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weights,
        bool transposeWeights,
        ReadOnlySpan<float> bias,
        Span<float> output,
        int m,
        int n,
        int k,
        bool relu) =>
        Linear(input, weights, transposeWeights, bias, output, m, n, k, relu, VectorWidths.Widest);

    /// <summary>As above, on vector registers of the caller's choice.</summary>
    public static void Linear(
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weights,
        bool transposeWeights,
        ReadOnlySpan<float> bias,
        Span<float> output,
        int m,
        int n,
        int k,
        bool relu,
        VectorWidth width)
    {
        CheckShapes(input.Length, weights.Length, output.Length, m, n, k);
        if (bias.Length != n)
            throw new ArgumentException($"Linear: the bias has {bias.Length} values; {n} outputs need as many.", nameof(bias));

        fixed (float* pointerA = input, pointerB = weights, pointerC = output, pointerBias = bias)
        {
            var product = new MatrixProduct
            {
                Left = pointerA,
                LeftRowStep = k,
                LeftDepthStep = 1,
                Right = pointerB,
                RightDepthStep = transposeWeights ? 1 : n,
                RightColumnStep = transposeWeights ? k : 1,
                Bias = pointerBias,
                Output = pointerC,
                Rows = m,
                Columns = n,
                Depth = k,
                Relu = relu,
            };
            Run(product, width);
        }
    }

    private static void CheckShapes(int a, int b, int c, int m, int n, int k)
    {
        if (m < 0 || n < 0 || k < 0 || a != (long)m * k || b != (long)k * n || c != (long)m * n)
        {
            throw new ArgumentException(
                $"Multiply: {a}, {b} and {c} values do not fit [{m}, {k}] times [{k}, {n}], which gives [{m}, {n}].");
        }
    }

    private static void Run(in MatrixProduct product, VectorWidth width)
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                Run<Lanes16, Vector512<float>>(product);
                break;
            case VectorWidth.Bits256:
                Run<Lanes8, Vector256<float>>(product);
                break;
            case VectorWidth.Bits128:
                Run<Lanes4, Vector128<float>>(product);
                break;
            default:
                Run<Lanes1, float>(product);
                break;
        }
    }

    private static void Run<TLanes, TVector>(in MatrixProduct product)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (product.Rows == 0 || product.Columns == 0)
            return;

        var tiles = (product.Rows + TLanes.MaxTileRows - 1) / TLanes.MaxTileRows;
        var pack = product.RightColumnStep != 1 || tiles >= MinTilesToPack;
        if (!pack && product.Columns >= TLanes.Count)
        {
            RunPanels<TLanes, TVector>(product, tiles, pack, null);
            return;
        }

        // A packed panel, a tile that hangs over the last column, and its bias; a tile so narrow needs but one register of columns and leaves room for its mask and sums.
        var rented = ArrayPool<float>.Shared.Rent((2 * TLanes.Count * (MaxDepth + TLanes.MaxTileRows + 1)) + Alignment);
        fixed (float* start = rented)
        {
            var aligned = (float*)(((nuint)start + ((Alignment * sizeof(float)) - 1)) & ~(nuint)((Alignment * sizeof(float)) - 1));
            RunPanels<TLanes, TVector>(product, tiles, pack, aligned);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private static void RunPanels<TLanes, TVector>(in MatrixProduct product, int tiles, bool pack, float* buffer)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var chunkStart = 0;
        do
        {
            int columns;
            for (var column = 0; column < product.Columns; column += columns)
            {
                // Two registers of columns, except where that would leave less than one to the last panel.
                var remaining = product.Columns - column;
                columns = remaining > 2 * TLanes.Count && remaining < 3 * TLanes.Count ? remaining - TLanes.Count : Math.Min(remaining, 2 * TLanes.Count);
                var (depthStart, depthEnd) = Depths(product, column, columns);
                var start = Math.Max(chunkStart, depthStart);
                var end = Math.Min(chunkStart + MaxDepth, depthEnd);
                if (start > end || (start == end && product.Depth > 0))
                    continue;

                var range = new MatrixPanelRange(start, end - start, column, columns, tiles, pack) { IsFirst = start == depthStart, IsLast = end == depthEnd };
                if (product.Triangle is MatrixTriangle.ResultLower or MatrixTriangle.ResultUpper)
                    RunRows<TLanes, TVector>(product, range, buffer);
                else
                    MatrixPanel<TLanes, TVector>.Run(product, range, buffer);
            }

            chunkStart += MaxDepth;
        }
        while (chunkStart < product.Depth);
    }

    private static void RunRows<TLanes, TVector>(MatrixProduct product, MatrixPanelRange range, float* buffer)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var (start, end) = Rows(product, range.Column, range.Columns);
        product.Left += start * product.LeftRowStep;
        product.Output += (nint)start * product.Columns;
        product.Rows = end - start;
        range = range with { Tiles = (product.Rows + TLanes.MaxTileRows - 1) / TLanes.MaxTileRows };
        MatrixPanel<TLanes, TVector>.Run(product, range, buffer);
    }
}

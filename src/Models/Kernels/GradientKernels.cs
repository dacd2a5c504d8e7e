using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AEAnomaly.Models.Kernels;

/// <summary>Computes the parts of a backward pass that are not products.</summary>
/// <remarks>As in <see cref="MatrixKernels"/>, the order of operations does not depend on the machine, and so neither do the bits.</remarks>
internal static unsafe class GradientKernels
{
    /// <summary>Adds the sum of each column: sums[column] += sum over rows of values[row, column], rows in order.</summary>
    /// <param name="values">Row-major <c>[rows, columns]</c>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="sums"><c>[columns]</c>.</param>
    /// <param name="width">Registers to work with.</param>
    /// <exception cref="ArgumentException">A span's length does not fit.</exception>
    public static void AddColumnSums(ReadOnlySpan<float> values, int rows, int columns, Span<float> sums, VectorWidth width)
    {
        if (values.Length != (long)rows * columns || sums.Length != columns)
            throw new ArgumentException($"AddColumnSums: {values.Length} values and {sums.Length} sums do not fit [{rows}, {columns}].");

        fixed (float* value = values, sum = sums)
        {
            var done = width switch
            {
                VectorWidth.Bits512 => AddColumnSums<Lanes16, Vector512<float>>(value, rows, columns, 0, sum),
                VectorWidth.Bits256 => AddColumnSums<Lanes8, Vector256<float>>(value, rows, columns, 0, sum),
                VectorWidth.Bits128 => AddColumnSums<Lanes4, Vector128<float>>(value, rows, columns, 0, sum),
                _ => 0,
            };
            AddColumnSums<Lanes1, float>(value, rows, columns, done, sum);
        }
    }

    /// <summary>Turns the gradient of y = max(x, 0) into that of x, in place: 0 where y is not above 0.</summary>
    /// <param name="output">y.</param>
    /// <param name="gradient">Gradient with respect to y, then to x; as long.</param>
    /// <param name="width">Registers to work with.</param>
    /// <exception cref="ArgumentException">The spans are not equally long.</exception>
    public static void MaskByRelu(ReadOnlySpan<float> output, Span<float> gradient, VectorWidth width)
    {
        if (output.Length != gradient.Length)
            throw new ArgumentException($"MaskByRelu: {output.Length} outputs and {gradient.Length} gradients are not equally many.");

        fixed (float* y = output, dy = gradient)
        {
            var done = width switch
            {
                VectorWidth.Bits512 => MaskByRelu<Lanes16, Vector512<float>>(y, dy, 0, output.Length),
                VectorWidth.Bits256 => MaskByRelu<Lanes8, Vector256<float>>(y, dy, 0, output.Length),
                VectorWidth.Bits128 => MaskByRelu<Lanes4, Vector128<float>>(y, dy, 0, output.Length),
                _ => 0,
            };
            MaskByRelu<Lanes1, float>(y, dy, done, output.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int AddColumnSums<TLanes, TVector>(float* values, int rows, int columns, int column, float* sums)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        // Two registers of columns at a time: a sum waits for itself, its neighbour does not.
        for (; column + (2 * TLanes.Count) <= columns; column += 2 * TLanes.Count)
        {
            var value = values + column;
            var first = TLanes.Load(sums + column);
            var second = TLanes.Load(sums + column + TLanes.Count);
            for (var row = 0; row < rows; row++)
            {
                first = TLanes.Add(first, TLanes.Load(value));
                second = TLanes.Add(second, TLanes.Load(value + TLanes.Count));
                value += columns;
            }

            TLanes.Store(first, sums + column);
            TLanes.Store(second, sums + column + TLanes.Count);
        }

        for (; column + TLanes.Count <= columns; column += TLanes.Count)
        {
            var value = values + column;
            var sum = TLanes.Load(sums + column);
            for (var row = 0; row < rows; row++)
            {
                sum = TLanes.Add(sum, TLanes.Load(value));
                value += columns;
            }

            TLanes.Store(sum, sums + column);
        }

        return column;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MaskByRelu<TLanes, TVector>(float* output, float* gradient, int index, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var zero = TLanes.Broadcast(0f);
        for (; index + TLanes.Count <= count; index += TLanes.Count)
            TLanes.Store(TLanes.SelectGreater(TLanes.Load(output + index), zero, TLanes.Load(gradient + index), zero), gradient + index);

        return index;
    }
}

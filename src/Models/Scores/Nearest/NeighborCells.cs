using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Neighbors;

namespace AEAnomaly.Models.Scores.Nearest;

/// <summary>Holds points in cells of <see cref="CellRows"/> that lie together, and looks for the nearest to another point in the cells whose means are nearest.</summary>
/// <remarks>
/// The cells come of halving the points again and again across the direction in which they vary most (a principal-axis tree), so all but one are full.
/// Of <see cref="MostCells"/> cells or fewer all are looked through. A point's values lie one feature after the other, a cell at a time: 32 distances take two registers.
/// </remarks>
internal sealed class NeighborCells
{
    /// <summary>Points of a cell.</summary>
    public const int CellRows = 32;

    /// <summary>Cells that are looked through at most; at least six where there are more.</summary>
    public const int MostCells = 8;

    private const int FewestCells = 6;

    private readonly int _width;
    private readonly int _cells;
    private readonly int[] _rows;
    private readonly AlignedFloats _values;
    private readonly float[] _means;
    private readonly float[] _lengths;

    /// <summary>Creates the cells.</summary>
    /// <param name="points">Points, row-major <c>[rows, width]</c>.</param>
    /// <param name="width">Values of a point.</param>
    public NeighborCells(ReadOnlySpan<float> points, int width)
    {
        _width = width;
        _rows = PrincipalTree.Order(points, width, CellRows);
        _cells = (_rows.Length + CellRows - 1) / CellRows;
        Columns = PaddedRows.StrideOf(_cells);

        // One cell more, of which all is too far: it makes an odd number of cells even.
        _values = new AlignedFloats((_cells + 1) * CellFloats);
        (_means, _lengths) = (new float[width * Columns], new float[Columns]);
        Array.Fill(_lengths, float.MaxValue);
        var mean = new float[width];
        for (var cell = 0; cell <= _cells; cell++)
        {
            var rows = _rows.AsSpan(Math.Min(cell * CellRows, _rows.Length), Math.Clamp(_rows.Length - (cell * CellRows), 0, CellRows));
            var values = _values.Span.Slice(cell * CellFloats, CellFloats);
            values[..CellRows].Fill(float.MaxValue);
            mean.AsSpan().Clear();
            for (var i = 0; i < rows.Length; i++)
            {
                var point = points.Slice(rows[i] * width, width);
                values[i] = RowSums.Squares(point);
                for (var j = 0; j < width; j++)
                {
                    values[((j + 1) * CellRows) + i] = -2 * point[j];
                    mean[j] += point[j] / rows.Length;
                }
            }

            if (rows.IsEmpty)
                continue;
            _lengths[cell] = RowSums.Squares(mean);
            for (var j = 0; j < width; j++)
                _means[(j * Columns) + cell] = -2 * mean[j];
        }
    }

    /// <summary>Gets the numbers that <see cref="Order"/> gives for a point.</summary>
    public int Columns { get; }

    private int CellFloats => (_width + 1) * CellRows;

    /// <summary>Computes the order in which the cells' means are near.</summary>
    /// <param name="points">Points <c>[count, width]</c>.</param>
    /// <param name="count">Number of points.</param>
    /// <param name="order">Receives numbers that ascend with the distance, <c>[count, Columns]</c>.</param>
    public void Order(ReadOnlySpan<float> points, int count, Span<float> order) =>
        MatrixKernels.Linear(points, _means, false, _lengths, order, count, Columns, _width, false);

    /// <summary>Lists the points that are nearest.</summary>
    /// <param name="point">Point.</param>
    /// <param name="order">Its numbers from <see cref="Order"/>.</param>
    /// <param name="fewest">Points that are listed at least; at most 64.</param>
    /// <param name="indices">Receives their indices.</param>
    /// <returns>How many; none where the point is not finite.</returns>
    [SkipLocalsInit]
    public int List(ReadOnlySpan<float> point, ReadOnlySpan<float> order, int fewest, Span<int> indices)
    {
        Span<int> visited = stackalloc int[MostCells];
        var cells = Choose(order, visited);
        if (cells % 2 != 0)
            visited[cells++] = _cells;
        Span<float> values = stackalloc float[cells * CellRows];
        for (var i = 0; i < cells; i += 2)
            Compare(point, visited[i], visited[i + 1], values[(i * CellRows)..]);
        if (values.IsEmpty)
            return 0;

        // At least as many points as groups whose least value is at or below a limit are so themselves; few more, as the nearest mostly are in groups of their own.
        Span<float> least = stackalloc float[PaddedRows.MinimumGroups];
        PaddedRows.GroupMinima(values, least);
        var (low, high) = PaddedRows.Range(least);
        var count = Math.Min(PaddedRows.FindUpTo(values, PaddedRows.Limit(least, low, high, fewest, fewest), indices), indices.Length);
        for (var i = 0; i < count; i++)
            indices[i] = _rows[(visited[indices[i] / CellRows] * CellRows) + (indices[i] % CellRows)];
        return count;
    }

    private int Choose(ReadOnlySpan<float> order, Span<int> visited)
    {
        if (_cells <= MostCells)
        {
            for (var i = 0; i < _cells; i++)
                visited[i] = i;
            return _cells;
        }

        // The least of each of 16 remainders: if there are so many, at least as many cells lie at or below the greatest of them.
        Span<float> least = stackalloc float[PaddedRows.Group];
        PaddedRows.LaneMinima(order, least);
        var (low, high) = PaddedRows.Range(least);
        return Math.Min(PaddedRows.FindUpTo(order, PaddedRows.Limit(order, low, high, FewestCells, MostCells), visited), MostCells);
    }

    // |m|² - 2 x m of each point m of two cells: four chains of fused multiply-adds at a time.
    private void Compare(ReadOnlySpan<float> point, int first, int second, Span<float> values)
    {
        ReadOnlySpan<float> left = _values.Span.Slice(first * CellFloats, CellFloats), right = _values.Span.Slice(second * CellFloats, CellFloats);
        ref var leftStart = ref MemoryMarshal.GetReference(left);
        ref var rightStart = ref MemoryMarshal.GetReference(right);
        var (a, b) = (Vector512.LoadUnsafe(ref leftStart), Vector512.LoadUnsafe(ref leftStart, PaddedRows.Group));
        var (c, d) = (Vector512.LoadUnsafe(ref rightStart), Vector512.LoadUnsafe(ref rightStart, PaddedRows.Group));
        for (var j = 0; j < point.Length; j++)
        {
            var value = Vector512.Create(point[j]);
            var at = (nuint)((j + 1) * CellRows);
            a = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref leftStart, at), a);
            b = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref leftStart, at + PaddedRows.Group), b);
            c = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref rightStart, at), c);
            d = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref rightStart, at + PaddedRows.Group), d);
        }

        a.CopyTo(values);
        b.CopyTo(values[PaddedRows.Group..]);
        c.CopyTo(values[(2 * PaddedRows.Group)..]);
        d.CopyTo(values[(3 * PaddedRows.Group)..]);
    }
}

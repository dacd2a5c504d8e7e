using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Neighbors;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores.Nearest;

/// <summary>Finds the few remembered rows among which the nearest are looked for, in all spaces at once.</summary>
/// <remarks>
/// A row's vectors of all spaces, each divided by the distance that is usual there, make one long vector J. It is held as its coordinates j in 16 (of rows wider than 32: 32)
/// orthonormal directions, the leading ones of the remembered rows, and the length l of what is left. |j - j_m|² + (l - l_m)² is at most the squared distance, and
/// <see cref="NeighborCells"/> look for the rows with the least of it: a dozen or somewhat more are listed, so that those that are nearest in truth are among them.
/// </remarks>
internal sealed class NeighborShortlist
{
    /// <summary>Rows that are listed at most.</summary>
    public const int MostRows = 64;

    /// <summary>Rows of one product: what it gives, and the remembered rows that are asked for, stay in the second-level cache.</summary>
    public const int ProductRows = 32;

    private const int FewestRows = 12;

    private readonly NeighborSpace[] _spaces;
    private readonly int _fewest;
    private readonly float[][] _directions;
    private readonly int _directionCount;
    private readonly NeighborCells _cells;

    /// <summary>Creates a shortlist.</summary>
    /// <param name="spaces">Spaces.</param>
    /// <param name="memory">Remembered rows.</param>
    /// <param name="needed">Rows that are needed of a list, at most <see cref="MostRows"/>.</param>
    /// <param name="directions">For each space <c>[Stride, directions]</c>, scaled; null finds them.</param>
    public NeighborShortlist(NeighborSpace[] spaces, NeighborMemory memory, int needed, float[][]? directions = null)
    {
        _spaces = spaces;
        _fewest = Math.Max(FewestRows, needed);
        _directionCount = DirectionsOf(spaces);
        _directions = directions ?? FindDirections(spaces, memory, _directionCount);
        Rows = spaces[0].Rows;
        var points = new float[Rows * (_directionCount + 1)];
        for (var row = 0; row < Rows; row++)
        {
            var point = points.AsSpan(row * (_directionCount + 1), _directionCount + 1);
            var length = 0f;
            for (var i = 0; i < spaces.Length; i++)
            {
                var vector = memory.Vector(i, row);
                MatrixKernels.Multiply(vector, false, _directions[i], false, point[.._directionCount], 1, _directionCount, vector.Length, accumulate: true);
                length += SquareOf(i, vector);
            }

            Finish(point, length);
        }

        _cells = new NeighborCells(points, _directionCount + 1);
    }

    /// <summary>Gets the number of remembered rows.</summary>
    public int Rows { get; }

    /// <summary>Gets the floats of working memory.</summary>
    public int WorkFloats => ProductRows * (_cells.Columns + (2 * _directionCount) + 1);

    /// <summary>Takes a shortlist back.</summary>
    public static NeighborShortlist Take(ScoreStore store, NeighborSpace[] spaces, NeighborMemory memory, int needed) =>
        new(spaces, memory, needed, [.. spaces.Select(space => store.Take($"{ScoreKinds.NameOf(space.Kind)}.directions", new Shape(space.Stride, DirectionsOf(spaces))))]);

    /// <summary>Keeps the directions.</summary>
    public void Keep(ScoreStore store)
    {
        for (var i = 0; i < _spaces.Length; i++)
            store.Put($"{ScoreKinds.NameOf(_spaces[i].Kind)}.directions", new Shape(_spaces[i].Stride, _directionCount), _directions[i]);
    }

    /// <summary>Prepares the search for a few rows.</summary>
    /// <param name="placed">For each space the rows, placed: <c>[count, Stride]</c> one after the other.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Rows, at most <see cref="ProductRows"/>.</param>
    /// <param name="stride">Rows that <paramref name="placed"/> holds of each space.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>; what <see cref="List"/> reads is left there.</param>
    public void Prepare(ReadOnlySpan<float> placed, int first, int count, int stride, Span<float> work)
    {
        var (order, points, projected) = Parts(work, count);
        Span<float> lengths = stackalloc float[count];
        projected.Clear();
        lengths.Clear();
        var start = 0;
        for (var i = 0; i < _spaces.Length; i++)
        {
            var step = _spaces[i].Stride;
            var vectors = placed.Slice(start + (first * step), count * step);
            MatrixKernels.Multiply(vectors, false, _directions[i], false, projected, count, _directionCount, step, accumulate: true);
            for (var row = 0; row < count; row++)
                lengths[row] += SquareOf(i, vectors.Slice(row * step, step));
            start += stride * step;
        }

        for (var row = 0; row < count; row++)
        {
            var point = points.Slice(row * (_directionCount + 1), _directionCount + 1);
            projected.Slice(row * _directionCount, _directionCount).CopyTo(point);
            Finish(point, lengths[row]);
        }

        _cells.Order(points, count, order);
    }

    /// <summary>Lists the remembered rows that are nearest to one row, in any order.</summary>
    /// <param name="work">As <see cref="Prepare"/> left it.</param>
    /// <param name="count">Rows that were prepared.</param>
    /// <param name="row">One of them.</param>
    /// <param name="indices">Receives at most <see cref="MostRows"/> indices.</param>
    /// <returns>How many; none where the row's numbers are not finite.</returns>
    public int List(Span<float> work, int count, int row, Span<int> indices)
    {
        if (Rows <= MostRows)
        {
            for (var i = 0; i < Rows; i++)
                indices[i] = i;
            return Rows;
        }

        var (order, points, _) = Parts(work, count);
        return _cells.List(
            points.Slice(row * (_directionCount + 1), _directionCount + 1), order.Slice(row * _cells.Columns, _cells.Columns), _fewest, indices[..MostRows]);
    }

    private SplitWork Parts(Span<float> work, int count)
    {
        var (order, points) = (count * _cells.Columns, count * (_directionCount + 1));
        return new SplitWork(work[..order], work.Slice(order, points), work.Slice(order + points, count * _directionCount));
    }

    // What the directions do not hold of a vector of so great a squared length.
    private void Finish(Span<float> coordinates, float length) =>
        coordinates[_directionCount] = MathF.Sqrt(MathF.Max(0, length - RowSums.Squares(coordinates[.._directionCount])));

    private float SquareOf(int space, ReadOnlySpan<float> vector) => PaddedRows.Square(vector) / (_spaces[space].Scale * _spaces[space].Scale);

    private static int DirectionsOf(NeighborSpace[] spaces) => spaces.Max(space => space.Stride) > 32 ? 32 : 16;

    private static float[][] FindDirections(NeighborSpace[] spaces, NeighborMemory memory, int count)
    {
        var rows = spaces[0].Rows;
        var width = spaces.Sum(space => space.Stride);
        var vectors = new float[rows * width];
        for (int i = 0, start = 0; i < spaces.Length; start += spaces[i].Stride, i++)
        {
            for (var row = 0; row < rows; row++)
            {
                var vector = memory.Vector(i, row);
                for (var j = 0; j < vector.Length; j++)
                    vectors[(row * width) + start + j] = vector[j] / spaces[i].Scale;
            }
        }

        var directions = LeadingDirections.Find(vectors, rows, width, count);
        var parts = new float[spaces.Length][];
        for (int i = 0, start = 0; i < spaces.Length; start += spaces[i].Stride, i++)
            parts[i] = Array.ConvertAll(directions[(start * count)..((start + spaces[i].Stride) * count)], value => value / spaces[i].Scale);
        return parts;
    }

    private readonly ref struct SplitWork(Span<float> order, Span<float> points, Span<float> projected)
    {
        private readonly Span<float> _order = order;
        private readonly Span<float> _points = points;
        private readonly Span<float> _projected = projected;

        public void Deconstruct(out Span<float> order, out Span<float> points, out Span<float> projected)
        {
            order = _order;
            points = _points;
            projected = _projected;
        }
    }
}

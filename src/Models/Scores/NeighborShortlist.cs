using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores;

/// <summary>Finds the few remembered rows among which the nearest are looked for, in all spaces at once.</summary>
/// <remarks>
/// A row's vectors of all spaces, each divided by the distance that is usual there, make one long vector J. It is held as its coordinates j in <see cref="Directions"/>
/// orthonormal directions, the leading ones of the remembered rows, and the length l of what is left. |j - j_m|² + (l - l_m)² is at most the squared distance, and a
/// matrix product of <see cref="Directions"/> + 1 numbers a pair gives it. The rows with the least of it, <see cref="FewestRows"/> or somewhat more, are listed.
/// </remarks>
internal sealed class NeighborShortlist
{
    /// <summary>Directions that a row is held in.</summary>
    public const int Directions = 16;

    /// <summary>Rows that are listed at least, where there are so many.</summary>
    public const int FewestRows = 16;

    /// <summary>Rows that are listed at most.</summary>
    public const int MostRows = 64;

    /// <summary>Rows of one product: what it gives stays in the second-level cache.</summary>
    public const int ProductRows = 28;

    private const int Iterations = 12;
    private const int Bisections = 24;

    // Rows of the matrix whose distance is a multiple of 4 KB would all lie in the same few lines of the first-level cache.
    private const int Filler = 16;

    private readonly NeighborSpace[] _spaces;
    private readonly float[][] _directions;
    private readonly float[] _matrix;
    private readonly float[] _lengths;
    private readonly int _columns;

    /// <summary>Creates a shortlist.</summary>
    /// <param name="spaces">Spaces.</param>
    /// <param name="directions">For each space <c>[Stride, Directions]</c>, scaled; null finds them.</param>
    public NeighborShortlist(NeighborSpace[] spaces, float[][]? directions = null)
    {
        _spaces = spaces;
        _directions = directions ?? FindDirections(spaces);
        Rows = spaces[0].Rows;
        _columns = (Rows + MostRows - 1) / MostRows * MostRows;
        var width = _columns + Filler;
        _matrix = new float[(Directions + 1) * width];
        _lengths = new float[width];
        Array.Fill(_lengths, float.MaxValue);
        var (placed, coordinates) = (new float[spaces.Max(space => space.Stride)], new float[Directions + 1]);
        for (var row = 0; row < Rows; row++)
        {
            coordinates.AsSpan().Clear();
            var length = 0f;
            for (var i = 0; i < spaces.Length; i++)
            {
                var vector = spaces[i].Placed.Slice(row * spaces[i].Stride, spaces[i].Stride);
                length += AddCoordinates(i, vector, 1, coordinates.AsSpan(0, Directions), vector);
            }

            Finish(coordinates, length);
            _lengths[row] = length;
            for (var q = 0; q <= Directions; q++)
                _matrix[(q * width) + row] = -2 * coordinates[q];
        }
    }

    /// <summary>Gets the number of remembered rows.</summary>
    public int Rows { get; }

    /// <summary>Gets the floats of working memory.</summary>
    public int WorkFloats => ProductRows * (_columns + Filler + (2 * Directions) + 2);

    /// <summary>Takes a shortlist back.</summary>
    public static NeighborShortlist Take(ScoreStore store, NeighborSpace[] spaces) =>
        new(spaces, [.. spaces.Select(space => store.Take($"{ScoreKinds.NameOf(space.Kind)}.directions", new Shape(space.Stride, Directions)))]);

    /// <summary>Keeps the directions.</summary>
    public void Keep(ScoreStore store)
    {
        for (var i = 0; i < _spaces.Length; i++)
            store.Put($"{ScoreKinds.NameOf(_spaces[i].Kind)}.directions", new Shape(_spaces[i].Stride, Directions), _directions[i]);
    }

    /// <summary>Computes the order in which remembered rows are near.</summary>
    /// <param name="placed">For each space the rows, placed: <c>[count, Stride]</c> one after the other.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Rows, at most <see cref="ProductRows"/>.</param>
    /// <param name="stride">Rows that <paramref name="placed"/> holds of each space.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    /// <returns>Numbers that ascend with the distance, <c>[count, row step]</c>; see <see cref="List"/>.</returns>
    public Span<float> Order(ReadOnlySpan<float> placed, int first, int count, int stride, Span<float> work)
    {
        var width = _columns + Filler;
        var order = work[..(count * width)];
        var projected = work.Slice(order.Length, count * Directions);
        var coordinates = work.Slice(order.Length + projected.Length, count * (Directions + 1));
        Span<float> lengths = stackalloc float[count];
        projected.Clear();
        lengths.Clear();
        var start = 0;
        for (var i = 0; i < _spaces.Length; i++)
        {
            var step = _spaces[i].Stride;
            var vectors = placed.Slice(start + (first * step), count * step);
            MatrixKernels.Multiply(vectors, false, _directions[i], false, projected, count, Directions, step, accumulate: true);
            for (var row = 0; row < count; row++)
                lengths[row] += SquareOf(i, vectors.Slice(row * step, step));
            start += stride * step;
        }

        for (var row = 0; row < count; row++)
        {
            projected.Slice(row * Directions, Directions).CopyTo(coordinates[(row * (Directions + 1))..]);
            Finish(coordinates.Slice(row * (Directions + 1), Directions + 1), lengths[row]);
        }

        MatrixKernels.Linear(coordinates, _matrix, false, _lengths, order, count, width, Directions + 1, false);
        return order;
    }

    /// <summary>Lists the remembered rows that are nearest to one row, in any order.</summary>
    /// <param name="order">From <see cref="Order"/>.</param>
    /// <param name="row">Row of it.</param>
    /// <param name="indices">Receives at most <see cref="MostRows"/> indices.</param>
    /// <returns>How many; none where the row's numbers are not finite.</returns>
    public int List(ReadOnlySpan<float> order, int row, Span<int> indices)
    {
        var values = order.Slice(row * (_columns + Filler), _columns);
        if (Rows <= MostRows)
        {
            for (var i = 0; i < Rows; i++)
                indices[i] = i;
            return Rows;
        }

        Span<float> least = stackalloc float[MostRows];
        PaddedRows.GroupMinima(values, least);
        var count = PaddedRows.FindUpTo(values, Limit(least), indices);
        if (count <= MostRows)
            return count;

        // More at the same distance than there is room for.
        Span<float> smallest = stackalloc float[FewestRows];
        NearestRows.Find(values, smallest, indices[..FewestRows]);
        return FewestRows;
    }

    // At least so many groups, and therefore values, lie at or below it; bisected until few more do.
    private static float Limit(ReadOnlySpan<float> least)
    {
        var (low, high) = (float.MaxValue, float.MinValue);
        foreach (var value in least)
            (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
        for (var i = 0; i < Bisections; i++)
        {
            var middle = low + ((high - low) / 2);
            var count = PaddedRows.CountUpTo(least, middle);
            if (count < FewestRows)
                low = middle;
            else
                high = middle;
            if (count == FewestRows)
                break;
        }

        return high;
    }

    // What the directions do not hold of a vector of so great a squared length.
    private static void Finish(Span<float> coordinates, float length) =>
        coordinates[Directions] = MathF.Sqrt(MathF.Max(0, length - RowSums.Squares(coordinates[..Directions])));

    private float SquareOf(int space, ReadOnlySpan<float> vector) => RowSums.Squares(vector) / (_spaces[space].Scale * _spaces[space].Scale);

    private float AddCoordinates(int space, ReadOnlySpan<float> vector, int count, Span<float> coordinates, ReadOnlySpan<float> lengths)
    {
        MatrixKernels.Multiply(vector, false, _directions[space], false, coordinates, count, Directions, vector.Length / count, accumulate: true);
        return SquareOf(space, lengths);
    }

    // Orthogonal iteration from random directions: any orthonormal ones would do, the leading ones leave least to the length.
    private static float[][] FindDirections(NeighborSpace[] spaces)
    {
        var rows = spaces[0].Rows;
        var width = spaces.Sum(space => space.Stride);
        var vectors = new float[rows * width];
        for (int i = 0, start = 0; i < spaces.Length; start += spaces[i].Stride, i++)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var j = 0; j < spaces[i].Stride; j++)
                    vectors[(row * width) + start + j] = spaces[i].Placed[(row * spaces[i].Stride) + j] / spaces[i].Scale;
            }
        }

        var directions = new float[width * Directions];
        var random = new SeededRandom(1);
        for (var i = 0; i < directions.Length; i++)
            directions[i] = (float)random.NextNormal();
        var coordinates = new float[rows * Directions];
        for (var i = 0; i < Iterations; i++)
        {
            Orthonormalize(directions, width);
            MatrixKernels.Multiply(vectors, false, directions, false, coordinates, rows, Directions, width, accumulate: false);
            MatrixKernels.Multiply(vectors, true, coordinates, false, directions, width, Directions, rows, accumulate: false);
        }

        Orthonormalize(directions, width);
        var parts = new float[spaces.Length][];
        for (int i = 0, start = 0; i < spaces.Length; start += spaces[i].Stride, i++)
            parts[i] = Array.ConvertAll(directions[(start * Directions)..((start + spaces[i].Stride) * Directions)], value => value / spaces[i].Scale);
        return parts;
    }

    // Gram and Schmidt, twice over each column; a column that depends on the ones before becomes 0, which is as good as left out.
    private static void Orthonormalize(float[] columns, int rows)
    {
        var column = new double[rows];
        for (var q = 0; q < Directions; q++)
        {
            for (var i = 0; i < rows; i++)
                column[i] = columns[(i * Directions) + q];
            var before = Math.Sqrt(column.Sum(value => value * value));
            for (var pass = 0; pass < 2; pass++)
            {
                for (var p = 0; p < q; p++)
                {
                    var product = 0.0;
                    for (var i = 0; i < rows; i++)
                        product += column[i] * columns[(i * Directions) + p];
                    for (var i = 0; i < rows; i++)
                        column[i] -= product * columns[(i * Directions) + p];
                }
            }

            var length = Math.Sqrt(column.Sum(value => value * value));
            for (var i = 0; i < rows; i++)
                columns[(i * Directions) + q] = length > 1e-6 * before ? (float)(column[i] / length) : 0;
        }
    }
}

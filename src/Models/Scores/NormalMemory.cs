using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Scores;

/// <summary>Remembers vectors of normal rows and measures how far others are from the nearest of them.</summary>
/// <remarks>
/// With d(x) the mean distance of x from its k nearest remembered vectors, and g(m) the mean distance of a remembered vector m from its own k nearest, the result is
/// d(x) / sqrt(G(x) + median g / 100), G(x) the mean of g over those k. Undivided (k nearest neighbours) it overlooks what lies beside a dense group; divided by
/// G (as the local outlier factor) it overrates dense groups' edges. The square root was the best on average over ten open sets.
/// Distances come from |x|² - 2 x m + |m|², a matrix product, cut off at 0.
/// </remarks>
internal sealed class NormalMemory
{
    private const double LeastSpreadShare = 0.01;
    private const int ChunkRows = 64;

    private readonly int _width;
    private readonly int _neighbors;
    private readonly float[] _directions;
    private readonly float[] _squares;
    private readonly float[] _spreads;

    /// <summary>Creates a memory.</summary>
    /// <param name="vectors">Vectors to remember, row-major <c>[rows, width]</c>, at least one.</param>
    /// <param name="width">Values of a vector.</param>
    /// <param name="neighbors">k; at most as many as there are.</param>
    public NormalMemory(ReadOnlySpan<float> vectors, int width, int neighbors)
    {
        Rows = vectors.Length / width;
        (_width, _neighbors) = (width, Math.Min(neighbors, Rows));
        _directions = new float[vectors.Length];
        _squares = new float[Rows];
        for (var row = 0; row < Rows; row++)
        {
            var vector = vectors.Slice(row * width, width);
            _squares[row] = RowSums.Squares(vector);
            for (var j = 0; j < width; j++)
                _directions[(j * Rows) + row] = -2 * vector[j];
        }

        _spreads = Spreads(vectors);
    }

    /// <summary>Gets the number of remembered vectors.</summary>
    public int Rows { get; }

    /// <summary>Gets the floats of working memory that so many vectors take.</summary>
    public int WorkFloats(int rows) => (rows * Rows) + _neighbors;

    /// <summary>Measures how far vectors are from what is remembered.</summary>
    /// <param name="vectors">Row-major <c>[distances.Length, width]</c>.</param>
    /// <param name="distances">Receives one distance a vector.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    public void Measure(ReadOnlySpan<float> vectors, Span<float> distances, Span<float> work)
    {
        var count = distances.Length;
        var products = Products(vectors, count, work);
        var nearest = work.Slice(count * Rows, _neighbors);
        Span<int> indices = stackalloc int[_neighbors];
        for (var row = 0; row < count; row++)
        {
            NearestRows.Find(products.Slice(row * Rows, Rows), nearest, indices);
            var spread = 0f;
            foreach (var index in indices)
                spread += _spreads[index];
            distances[row] = MeanDistance(nearest, RowSums.Squares(vectors.Slice(row * _width, _width))) / MathF.Sqrt(spread / _neighbors);
        }
    }

    /// <summary>Finds the nearest remembered vector.</summary>
    /// <param name="vector">Vector <c>[width]</c>.</param>
    /// <param name="work">At least <see cref="WorkFloats"/> for one.</param>
    public int Nearest(ReadOnlySpan<float> vector, Span<float> work)
    {
        Span<float> smallest = stackalloc float[1];
        Span<int> index = stackalloc int[1];
        NearestRows.Find(Products(vector, 1, work), smallest, index);
        return index[0];
    }

    // |m|² - 2 x m: what is left out, |x|², does not change which are nearest.
    private Span<float> Products(ReadOnlySpan<float> vectors, int count, Span<float> work)
    {
        var products = work[..(count * Rows)];
        MatrixKernels.Linear(vectors, _directions, false, _squares, products, count, Rows, _width, false);
        return products;
    }

    private static float MeanDistance(ReadOnlySpan<float> nearest, float square)
    {
        var sum = 0f;
        foreach (var value in nearest)
            sum += MathF.Sqrt(MathF.Max(0, value + square));
        return sum / nearest.Length;
    }

    // g of each vector, with the least spread added.
    private float[] Spreads(ReadOnlySpan<float> vectors)
    {
        var others = Math.Min(_neighbors, Rows - 1);
        var spreads = new float[Rows];
        var work = new float[Math.Min(ChunkRows, Rows) * Rows];
        var (nearest, indices) = (new float[others], new int[others]);
        for (var row = 0; row < Rows && others > 0; row++)
        {
            if (row % ChunkRows == 0)
            {
                var chunk = Math.Min(ChunkRows, Rows - row);
                Products(vectors.Slice(row * _width, chunk * _width), chunk, work);
            }

            var products = work.AsSpan(row % ChunkRows * Rows, Rows);
            products[row] = float.MaxValue;
            NearestRows.Find(products, nearest, indices);
            spreads[row] = MeanDistance(nearest, _squares[row]);
        }

        var ascending = (float[])spreads.Clone();
        Array.Sort(ascending);
        var least = (float)(LeastSpreadShare * ascending[Rows / 2]);

        // More than half of the rows are repeated: any distance that there is, else 1, keeps the result finite.
        if (least <= 0)
            least = ascending[^1] > 0 ? (float)(LeastSpreadShare * ascending[^1]) : 1;
        for (var row = 0; row < Rows; row++)
            spreads[row] += least;
        return spreads;
    }
}

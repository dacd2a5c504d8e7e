using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Scores;

/// <summary>Measures how far apart remembered vectors lie, each among its own nearest.</summary>
internal static class LocalSpread
{
    private const int ChunkRows = 64;

    /// <summary>Computes the mean distance of each vector from its nearest others, over all of them.</summary>
    /// <param name="vectors">Row-major <c>[rows, width]</c>, at least one row.</param>
    /// <param name="width">Values of a vector.</param>
    /// <param name="neighbors">Nearest others to average; at most as many as there are.</param>
    public static float[] Fit(ReadOnlySpan<float> vectors, int width, int neighbors)
    {
        var rows = vectors.Length / width;
        var others = Math.Min(neighbors, rows - 1);
        var spreads = new float[rows];
        if (others == 0)
            return spreads;

        // |m|² - 2 x m: what is left out, |x|², does not change which are nearest.
        var (directions, squares) = (new float[vectors.Length], new float[rows]);
        for (var row = 0; row < rows; row++)
        {
            var vector = vectors.Slice(row * width, width);
            squares[row] = RowSums.Squares(vector);
            for (var j = 0; j < width; j++)
                directions[(j * rows) + row] = -2 * vector[j];
        }

        var products = new float[Math.Min(ChunkRows, rows) * rows];
        var (nearest, indices) = (new float[others], new int[others]);
        for (var start = 0; start < rows; start += ChunkRows)
        {
            var chunk = Math.Min(ChunkRows, rows - start);
            MatrixKernels.Linear(vectors.Slice(start * width, chunk * width), directions, false, squares, products.AsSpan(0, chunk * rows), chunk, rows, width, false);
            for (var row = start; row < start + chunk; row++)
            {
                var own = products.AsSpan((row - start) * rows, rows);
                own[row] = float.MaxValue;
                NearestRows.Find(own, nearest, indices);
                foreach (var index in indices)
                    spreads[row] += MathF.Sqrt(RowSums.SquaredDistance(vectors.Slice(row * width, width), vectors.Slice(index * width, width))) / others;
            }
        }

        return spreads;
    }

    /// <summary>Gets the median spread; where more than half of the rows are repeated, any that there is, else 1.</summary>
    public static float Typical(float[] spreads)
    {
        var ascending = (float[])spreads.Clone();
        Array.Sort(ascending);
        var median = ascending[ascending.Length / 2];
        return median > 0 ? median : ascending[^1] > 0 ? ascending[^1] : 1;
    }
}

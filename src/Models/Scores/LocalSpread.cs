using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Scores;

/// <summary>Tells how far apart remembered vectors lie, each among its own nearest.</summary>
/// <param name="Spreads">Mean distance of each vector from its nearest others.</param>
/// <param name="Energies">What each vector would be judged by if it were not remembered itself.</param>
internal sealed record LocalSpread(float[] Spreads, float[] Energies)
{
    // Where more than half of the rows are repeated, others lie at no distance: a hundredth of the usual spread keeps the result finite.
    private const float LeastShare = 0.01f;
    private const int ChunkRows = 64;

    /// <summary>Compares the vectors with each other, all with all.</summary>
    /// <param name="vectors">Row-major <c>[rows, width]</c>, at least one row.</param>
    /// <param name="width">Values of a vector.</param>
    /// <param name="neighbors">Nearest others to average; at most as many as there are.</param>
    public static LocalSpread Fit(ReadOnlySpan<float> vectors, int width, int neighbors)
    {
        var rows = vectors.Length / width;
        var others = Math.Min(neighbors, rows - 1);
        var spreads = new float[rows];
        if (others == 0)
            return new LocalSpread(spreads, new float[rows]);

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
        var (nearest, indices) = (new float[others], new int[rows * others]);
        for (var start = 0; start < rows; start += ChunkRows)
        {
            var chunk = Math.Min(ChunkRows, rows - start);
            MatrixKernels.Linear(vectors.Slice(start * width, chunk * width), directions, false, squares, products.AsSpan(0, chunk * rows), chunk, rows, width, false);
            for (var row = start; row < start + chunk; row++)
            {
                var own = products.AsSpan((row - start) * rows, rows);
                own[row] = float.MaxValue;
                var found = indices.AsSpan(row * others, others);
                NearestRows.Find(own, nearest, found);
                foreach (var index in found)
                    spreads[row] += MathF.Sqrt(RowSums.SquaredDistance(vectors.Slice(row * width, width), vectors.Slice(index * width, width))) / others;
            }
        }

        var (energies, typical) = (new float[rows], Typical(spreads));
        for (var row = 0; row < rows; row++)
        {
            var around = 0f;
            foreach (var index in indices.AsSpan(row * others, others))
                around += spreads[index];
            energies[row] = Energy(spreads[row], around / others, typical);
        }

        return new LocalSpread(spreads, energies);
    }

    /// <summary>Weighs the distance from the nearest vectors by how far these lie apart from theirs.</summary>
    /// <param name="distance">Mean distance.</param>
    /// <param name="spread">Mean spread of the nearest vectors.</param>
    /// <param name="typical">Median spread of all vectors.</param>
    public static float Energy(float distance, float spread, float typical) => distance / MathF.Sqrt(spread + (LeastShare * typical));

    /// <summary>Gets the median spread; where more than half of the rows are repeated, any that there is, else 1.</summary>
    public static float Typical(float[] spreads)
    {
        var ascending = (float[])spreads.Clone();
        Array.Sort(ascending);
        var median = ascending[ascending.Length / 2];
        return median > 0 ? median : ascending[^1] > 0 ? ascending[^1] : 1;
    }
}

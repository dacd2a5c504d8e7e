using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Neighbors;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores.Nearest;

/// <summary>Places rows in one space, in which they are compared, and knows how far from each other the remembered ones lie there: records, errors or latent vectors.</summary>
internal sealed class NeighborSpace
{
    private const float MostSpread = 8;

    private readonly FeatureLayout _layout;
    private readonly NeighborPlacing _placing;
    private readonly float[] _spreads;

    private NeighborSpace(FeatureLayout layout, NeighborPlacing placing, float[] spreads)
    {
        _layout = layout;
        _placing = placing;
        _spreads = spreads;
        var ascending = (float[])_spreads.Clone();
        Array.Sort(ascending);

        // Where more than half of the rows are repeated, any distance that there is, else 1, keeps the result finite.
        Scale = ascending[Rows / 2] > 0 ? ascending[Rows / 2] : ascending[^1] > 0 ? ascending[^1] : 1;
    }

    /// <summary>Gets which vectors are compared.</summary>
    public ScoreKind Kind => _placing.Kind;

    /// <summary>Gets the floats of a placed vector, zeros at its end included.</summary>
    public int Stride => _placing.Stride;

    /// <summary>Gets the number of remembered rows.</summary>
    public int Rows => _spreads.Length;

    /// <summary>Gets the distance that is usual here: the median of the remembered rows' mean distances from their own neighbours.</summary>
    public float Scale { get; }

    /// <summary>Gets whether fields can be told apart.</summary>
    public bool HasFields => Kind != ScoreKind.NearestLatent;

    /// <summary>Fits a space.</summary>
    /// <param name="kind">Which vectors are compared.</param>
    /// <param name="remembered">Training rows.</param>
    /// <param name="spread">Rows whose variances are the measure.</param>
    /// <param name="neighbors">Neighbours of a row.</param>
    /// <returns>The space, and the remembered rows' vectors in it, <c>[Rows, Stride]</c>.</returns>
    public static (NeighborSpace Space, float[] Vectors) Fit(ScoreKind kind, NormalRows remembered, NormalRows spread, int neighbors)
    {
        var placing = NeighborPlacing.Fit(kind, remembered, spread);
        var placed = new float[remembered.Count * placing.Stride];
        placing.Place(remembered.Slice(0, remembered.Count), placed, new float[placing.WorkFloats(remembered.Count)]);
        return (new NeighborSpace(remembered.Layout, placing, MeanDistances(placed, remembered.Count, neighbors)), placed);
    }

    /// <summary>Takes a space back, and the remembered rows' vectors in it.</summary>
    public static (NeighborSpace Space, float[] Vectors) Take(ScoreStore store, ScoreKind kind, FeatureLayout layout, int latentWidth, int rows)
    {
        var (name, placing) = (ScoreKinds.NameOf(kind), NeighborPlacing.Take(store, kind, layout, latentWidth));
        var vectors = store.Take($"{name}.rows", new Shape(rows, placing.Stride));
        return (new NeighborSpace(layout, placing, store.Take($"{name}.spreads", new Shape(rows))), vectors);
    }

    /// <summary>Keeps everything.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="vectors">The remembered rows' vectors, <c>[Rows, Stride]</c>.</param>
    public void Keep(ScoreStore store, float[] vectors)
    {
        var name = ScoreKinds.NameOf(Kind);
        _placing.Keep(store);
        store.Put($"{name}.rows", new Shape(Rows, Stride), vectors);
        store.Put($"{name}.spreads", new Shape(Rows), _spreads);
    }

    /// <summary>Gets the floats of working memory that placing so many rows takes.</summary>
    public int WorkFloats(int rows) => _placing.WorkFloats(rows);

    /// <summary>Places rows in the space.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="placed">Receives <c>[rows.Count, Stride]</c>.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    public void Place(in ScoredRows rows, Span<float> placed, Span<float> work) => _placing.Place(rows, placed, work);

    /// <summary>Gets the mean distance of a remembered row from its own neighbours; at most eight times the usual one, as a row that stands alone may be an anomaly.</summary>
    /// <param name="index">The remembered row.</param>
    public float SpreadOf(int index) => MathF.Min(_spreads[index], MostSpread * Scale);

    /// <summary>Computes each block's part of the squared distance between a row and a remembered one.</summary>
    /// <param name="placed">The row, placed.</param>
    /// <param name="missing">Its flags, or empty.</param>
    /// <param name="remembered">The remembered row's vector.</param>
    /// <param name="costs">Receives one part a block; 0 where the row misses it.</param>
    public void Share(ReadOnlySpan<float> placed, ReadOnlySpan<byte> missing, ReadOnlySpan<float> remembered, Span<double> costs)
    {
        for (var b = 0; b < costs.Length; b++)
        {
            costs[b] = 0;
            for (var j = _layout.Blocks[b].Start; j < _layout.Blocks[b].End && (missing.IsEmpty || missing[b] == 0); j++)
                costs[b] += Math.Pow((double)placed[j] - remembered[j], 2);
        }
    }

    private static float[] MeanDistances(float[] placed, int rows, int neighbors)
    {
        const int chunkRows = 64;
        var stride = placed.Length / rows;
        var others = Math.Min(neighbors, rows - 1);
        var means = new float[rows];
        var (products, lengths) = (new float[Math.Min(chunkRows, rows) * rows], new float[rows]);
        for (var row = 0; row < rows; row++)
            lengths[row] = RowSums.Squares(placed.AsSpan(row * stride, stride));
        var (nearest, indices) = (new float[others], new int[others]);
        for (var row = 0; row < rows && others > 0; row++)
        {
            if (row % chunkRows == 0)
            {
                var chunk = Math.Min(chunkRows, rows - row);
                MatrixKernels.Multiply(
                    placed.AsSpan(row * stride, chunk * stride), false, placed, true, products.AsSpan(0, chunk * rows), chunk, rows, stride, accumulate: false);
            }

            // |m|² - 2 x m is in the order of the distances; those of the nearest are then computed without what cancels.
            var distances = products.AsSpan(row % chunkRows * rows, rows);
            for (var other = 0; other < rows; other++)
                distances[other] = other == row ? float.MaxValue : lengths[other] - (2 * distances[other]);
            NearestRows.Find(distances, nearest, indices);
            foreach (var index in indices)
                means[row] += MathF.Sqrt(PaddedRows.SquaredDistance(placed.AsSpan(row * stride, stride), placed.AsSpan(index * stride, stride))) / others;
        }

        return means;
    }
}

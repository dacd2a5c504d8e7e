using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores;

/// <summary>Holds what the remembered rows are in one space, in which they are compared: records, errors or latent vectors.</summary>
/// <remarks>
/// Records and errors are compared after a tempered whitening, by (S + m I)^-1 with S the covariance and m its mean eigenvalue: strong directions lose their lead,
/// weak ones are not blown up to noise. Latent vectors are compared as they are; of more than <see cref="MostCodeFloats"/> values, the leading directions of those remembered
/// stand for the vector, and the length of what they leave out for the rest: distances then never come out too great. Vectors are centred at the mean of those remembered; missing blocks are there.
/// </remarks>
internal sealed class NeighborSpace
{
    /// <summary>Floats of a placed latent vector.</summary>
    public const int MostCodeFloats = 2 * PaddedRows.Group;

    private const double Ridge = 1;
    private const float MostSpread = 4;

    private readonly FeatureLayout _layout;
    private readonly float[] _mean;
    private readonly Whitening? _whitening;
    private readonly float[] _vectors;
    private readonly float[] _placed;
    private readonly float[] _spreads;
    private readonly float[] _factor;
    private readonly float[]? _directions;

    private NeighborSpace(
        ScoreKind kind, FeatureLayout layout, float[] mean, Whitening? whitening, float[]? directions, float[] vectors, int neighbors, float[]? spreads)
    {
        Kind = kind;
        _layout = layout;
        _mean = mean;
        _whitening = whitening;
        _vectors = vectors;
        _directions = directions;
        Stride = directions is null ? PaddedRows.StrideOf(mean.Length) : MostCodeFloats;
        var factor = whitening is null ? directions : whitening.Factor;
        var columns = factor.Length / mean.Length;
        _factor = new float[columns == 0 ? 0 : mean.Length * Stride];
        for (var i = 0; i < mean.Length && columns > 0; i++)
            factor.Slice(i * columns, columns).CopyTo(_factor.AsSpan(i * Stride));
        _placed = new float[Rows * Stride];
        Whiten(vectors, _placed, Rows);
        _spreads = spreads ?? MeanDistances(neighbors);
        var ascending = (float[])_spreads.Clone();
        Array.Sort(ascending);

        // Where more than half of the rows are repeated, any distance that there is, else 1, keeps the result finite.
        Scale = ascending[Rows / 2] > 0 ? ascending[Rows / 2] : ascending[^1] > 0 ? ascending[^1] : 1;
    }

    /// <summary>Gets which vectors are compared.</summary>
    public ScoreKind Kind { get; }

    /// <summary>Gets the floats of a placed vector, zeros at its end included.</summary>
    public int Stride { get; }

    /// <summary>Gets the number of remembered rows.</summary>
    public int Rows => _vectors.Length / _mean.Length;

    /// <summary>Gets the distance that is usual here: the median of the remembered rows' mean distances from their own neighbours.</summary>
    public float Scale { get; }

    /// <summary>Gets the remembered vectors, placed, <c>[Rows, Stride]</c>.</summary>
    public ReadOnlySpan<float> Placed => _placed;

    /// <summary>Gets whether fields can be told apart.</summary>
    public bool HasFields => _whitening is not null;

    /// <summary>Takes what is compared from rows.</summary>
    public static ReadOnlySpan<float> SourceOf(ScoreKind kind, in ScoredRows rows) => kind switch
    {
        ScoreKind.NearestResidual => rows.Residuals,
        ScoreKind.NearestLatent => rows.Latent,
        _ => rows.Values,
    };

    /// <summary>Fits a space.</summary>
    /// <param name="kind">Which vectors are compared.</param>
    /// <param name="remembered">Training rows.</param>
    /// <param name="spread">Rows whose covariance is the measure.</param>
    /// <param name="neighbors">Neighbours of a row.</param>
    public static NeighborSpace Fit(ScoreKind kind, NormalRows remembered, NormalRows spread, int neighbors)
    {
        var layout = remembered.Layout;
        var rows = remembered.Slice(0, remembered.Count);
        var source = SourceOf(kind, rows);
        var vectors = new float[source.Length];
        if (kind == ScoreKind.NearestLatent)
        {
            var (middle, _) = Centring.Fit(source, remembered.LatentWidth);
            Centring.Apply(source, middle, vectors);
            var directions = middle.Length > MostCodeFloats
                ? LeadingDirections.Find(vectors, remembered.Count, middle.Length, MostCodeFloats - 1)
                : null;
            return new NeighborSpace(kind, layout, middle, null, directions, vectors, neighbors, null);
        }

        var (mean, _) = Centring.Fit(layout, source, rows.Missing);
        Centring.Apply(layout, source, rows.Missing, mean, vectors);
        var (_, centred) = Centring.Fit(layout, SourceOf(kind, spread.Slice(0, spread.Count)), spread.Missing);
        return new NeighborSpace(kind, layout, mean, Whitening.Fit(mean, centred, Ridge), null, vectors, neighbors, null);
    }

    /// <summary>Takes a space back.</summary>
    public static NeighborSpace Take(ScoreStore store, ScoreKind kind, FeatureLayout layout, int latentWidth, int rows, int neighbors)
    {
        var name = ScoreKinds.NameOf(kind);
        var width = kind == ScoreKind.NearestLatent ? latentWidth : layout.Width;
        var vectors = store.Take($"{name}.rows", new Shape(rows, width));
        var spreads = store.Take($"{name}.spreads", new Shape(rows));
        if (kind == ScoreKind.NearestLatent)
        {
            var directions = width > MostCodeFloats ? store.Take($"{name}.axes", new Shape(width, MostCodeFloats - 1)) : null;
            return new NeighborSpace(kind, layout, store.Take($"{name}.mean", new Shape(width)), null, directions, vectors, neighbors, spreads);
        }

        var whitening = Whitening.Take(store, name, width);
        return new NeighborSpace(kind, layout, whitening.Mean.ToArray(), whitening, null, vectors, neighbors, spreads);
    }

    /// <summary>Keeps everything.</summary>
    public void Keep(ScoreStore store)
    {
        var name = ScoreKinds.NameOf(Kind);
        store.Put($"{name}.rows", new Shape(Rows, _mean.Length), _vectors);
        store.Put($"{name}.spreads", new Shape(Rows), _spreads);
        if (_directions is not null)
            store.Put($"{name}.axes", new Shape(_mean.Length, MostCodeFloats - 1), _directions);
        if (_whitening is null)
            store.Put($"{name}.mean", new Shape(_mean.Length), _mean);
        else
            _whitening.Keep(store, name);
    }

    /// <summary>Gets the floats of working memory that placing so many rows takes.</summary>
    public int WorkFloats(int rows) => rows * _mean.Length;

    /// <summary>Places rows in the space.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="placed">Receives <c>[rows.Count, Stride]</c>.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>; holds the centred vectors afterwards.</param>
    public void Place(in ScoredRows rows, Span<float> placed, Span<float> work)
    {
        var centred = work[..(rows.Count * _mean.Length)];
        if (_whitening is null)
            Centring.Apply(SourceOf(Kind, rows), _mean, centred);
        else
            Centring.Apply(_layout, SourceOf(Kind, rows), rows.Missing, _mean, centred);
        Whiten(centred, placed, rows.Count);
    }

    /// <summary>Gets the mean distance of a remembered row from its own neighbours; at most <see cref="MostSpread"/> times the usual one, as a row that stands alone may be an anomaly.</summary>
    /// <param name="index">The remembered row.</param>
    public float SpreadOf(int index) => MathF.Min(_spreads[index], MostSpread * Scale);

    /// <summary>Computes each block's part of the squared distance between a row and a remembered one.</summary>
    /// <param name="centred">The row, centred.</param>
    /// <param name="missing">Its flags, or empty.</param>
    /// <param name="index">The remembered row.</param>
    /// <param name="costs">Receives one part a block: u_i ((S + m I)^-1 u)_i summed, u the difference.</param>
    public void Share(ReadOnlySpan<float> centred, ReadOnlySpan<byte> missing, int index, Span<double> costs)
    {
        var width = _mean.Length;
        var (difference, white, solved) = (new float[width], new float[width], new float[width]);
        RowSums.Subtract(centred, _vectors.AsSpan(index * width, width), difference);
        Centring.ClearMissing(_layout, missing, difference);
        _whitening!.Apply(difference, white, 1);
        _whitening.Solve(white, solved, 1);
        for (var b = 0; b < costs.Length; b++)
        {
            costs[b] = 0;
            for (var j = _layout.Blocks[b].Start; j < _layout.Blocks[b].End; j++)
                costs[b] += (double)difference[j] * solved[j];
        }
    }

    private void Whiten(ReadOnlySpan<float> centred, Span<float> placed, int rows)
    {
        var width = _mean.Length;
        if (_factor.Length > 0)
            MatrixKernels.Multiply(centred, false, _factor, false, placed, rows, Stride, width, accumulate: false);
        for (var row = 0; row < rows && _directions is not null; row++)
        {
            var code = placed.Slice(row * Stride, Stride);
            code[^1] = MathF.Sqrt(MathF.Max(0, RowSums.Squares(centred.Slice(row * width, width)) - RowSums.Squares(code[..^1])));
        }

        for (var row = 0; row < rows && _factor.Length == 0; row++)
        {
            centred.Slice(row * width, width).CopyTo(placed[(row * Stride)..]);
            placed.Slice((row * Stride) + width, Stride - width).Clear();
        }
    }

    private float[] MeanDistances(int neighbors)
    {
        const int chunkRows = 64;
        var others = Math.Min(neighbors, Rows - 1);
        var means = new float[Rows];
        var (products, lengths) = (new float[Math.Min(chunkRows, Rows) * Rows], new float[Rows]);
        for (var row = 0; row < Rows; row++)
            lengths[row] = RowSums.Squares(_placed.AsSpan(row * Stride, Stride));
        var (nearest, indices) = (new float[others], new int[others]);
        for (var row = 0; row < Rows && others > 0; row++)
        {
            if (row % chunkRows == 0)
            {
                var chunk = Math.Min(chunkRows, Rows - row);
                MatrixKernels.Multiply(
                    _placed.AsSpan(row * Stride, chunk * Stride), false, _placed, true, products.AsSpan(0, chunk * Rows), chunk, Rows, Stride, accumulate: false);
            }

            // |m|² - 2 x m is in the order of the distances; those of the nearest are then computed without what cancels.
            var distances = products.AsSpan(row % chunkRows * Rows, Rows);
            for (var other = 0; other < Rows; other++)
                distances[other] = other == row ? float.MaxValue : lengths[other] - (2 * distances[other]);
            NearestRows.Find(distances, nearest, indices);
            foreach (var index in indices)
                means[row] += MathF.Sqrt(PaddedRows.SquaredDistance(_placed.AsSpan(row * Stride, Stride), _placed.AsSpan(index * Stride, Stride))) / others;
        }

        return means;
    }
}

using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Neighbors;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores.Nearest;

/// <summary>Places vectors of rows so that plain distances between them compare the rows.</summary>
/// <remarks>
/// Vectors are centred at the mean of the remembered ones. A feature of records or errors is divided by the root of its variance plus the mean variance: features that vary
/// much lose their lead, others are not blown up to noise (measured, the whole covariance in their place finds no more and costs more). A missing block is at the mean.
/// Latent vectors are compared as they are; of more than <see cref="MostCodeFloats"/> values, the leading directions of those remembered stand for the vector, and the
/// length of what they leave out for the rest: distances then never come out too great.
/// </remarks>
internal sealed class NeighborPlacing
{
    /// <summary>Floats of a placed latent vector.</summary>
    public const int MostCodeFloats = 2 * PaddedRows.Group;

    private readonly FeatureLayout _layout;
    private readonly float[] _mean;
    private readonly float[]? _weights;
    private readonly float[]? _axes;

    private NeighborPlacing(ScoreKind kind, FeatureLayout layout, float[] mean, float[]? weights, float[]? axes)
    {
        Kind = kind;
        _layout = layout;
        _mean = mean;
        _weights = weights;
        _axes = axes;
        Stride = axes is null ? PaddedRows.StrideOf(mean.Length) : MostCodeFloats;
    }

    /// <summary>Gets which vectors are placed.</summary>
    public ScoreKind Kind { get; }

    /// <summary>Gets the floats of a placed vector, zeros at its end included.</summary>
    public int Stride { get; }

    /// <summary>Fits the placing.</summary>
    /// <param name="kind">Which vectors are placed.</param>
    /// <param name="remembered">Rows that are remembered.</param>
    /// <param name="spread">Rows whose variances are the measure of features.</param>
    public static NeighborPlacing Fit(ScoreKind kind, NormalRows remembered, NormalRows spread)
    {
        var rows = remembered.Slice(0, remembered.Count);
        return kind == ScoreKind.NearestLatent
            ? FitCodes(remembered.Layout, rows.Latent, remembered.LatentWidth)
            : FitFields(kind, remembered.Layout, rows, spread.Slice(0, spread.Count));
    }

    /// <summary>Takes a placing back.</summary>
    public static NeighborPlacing Take(ScoreStore store, ScoreKind kind, FeatureLayout layout, int latentWidth)
    {
        var name = ScoreKinds.NameOf(kind);
        if (kind != ScoreKind.NearestLatent)
            return new NeighborPlacing(kind, layout, store.Take($"{name}.mean", new Shape(layout.Width)), store.Take($"{name}.weights", new Shape(layout.Width)), null);

        var axes = latentWidth > MostCodeFloats ? store.Take($"{name}.axes", new Shape(latentWidth, MostCodeFloats)) : null;
        return new NeighborPlacing(kind, layout, store.Take($"{name}.mean", new Shape(latentWidth)), null, axes);
    }

    /// <summary>Keeps everything.</summary>
    public void Keep(ScoreStore store)
    {
        var name = ScoreKinds.NameOf(Kind);
        store.Put($"{name}.mean", new Shape(_mean.Length), _mean);
        if (_weights is not null)
            store.Put($"{name}.weights", new Shape(_weights.Length), _weights);
        if (_axes is not null)
            store.Put($"{name}.axes", new Shape(_mean.Length, MostCodeFloats), _axes);
    }

    /// <summary>Gets the floats of working memory that placing so many rows takes.</summary>
    public int WorkFloats(int rows) => rows * _mean.Length;

    /// <summary>Places rows.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="placed">Receives <c>[rows.Count, Stride]</c>.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    public void Place(in ScoredRows rows, Span<float> placed, Span<float> work)
    {
        var centred = work[..WorkFloats(rows.Count)];
        Centring.Apply(SourceOf(Kind, rows), _mean, centred);
        if (_weights is not null)
            Centring.ClearMissing(_layout, rows.Missing, centred);
        if (_axes is not null)
            PlaceLeadingDirections(centred, rows.Count, placed);
        else
            PlaceFeatures(centred, placed);
    }

    private static ReadOnlySpan<float> SourceOf(ScoreKind kind, in ScoredRows rows) => kind switch
    {
        ScoreKind.NearestResidual => rows.Residuals,
        ScoreKind.NearestLatent => rows.Latent,
        _ => rows.Values,
    };

    private static NeighborPlacing FitCodes(FeatureLayout layout, ReadOnlySpan<float> codes, int width)
    {
        var (mean, centred) = Centring.Fit(codes, width);
        if (width <= MostCodeFloats)
            return new NeighborPlacing(ScoreKind.NearestLatent, layout, mean, null, null);

        // The last column stays 0: the length of the rest is put there.
        const int directions = MostCodeFloats - 1;
        var (found, axes) = (LeadingDirections.Find(centred, codes.Length / width, width, directions), new float[width * MostCodeFloats]);
        for (var i = 0; i < width; i++)
            found.AsSpan(i * directions, directions).CopyTo(axes.AsSpan(i * MostCodeFloats));
        return new NeighborPlacing(ScoreKind.NearestLatent, layout, mean, null, axes);
    }

    private static NeighborPlacing FitFields(ScoreKind kind, FeatureLayout layout, in ScoredRows remembered, in ScoredRows measured)
    {
        var (_, centred) = Centring.Fit(layout, SourceOf(kind, measured), measured.Missing);
        var variances = new double[layout.Width];
        for (var i = 0; i < centred.Length; i++)
            variances[i % layout.Width] += (double)centred[i] * centred[i] / measured.Count;
        var usual = variances.Average();
        var weights = Array.ConvertAll(variances, variance => usual > 0 ? (float)(1 / Math.Sqrt(variance + usual)) : 1);
        return new NeighborPlacing(kind, layout, Centring.Fit(layout, SourceOf(kind, remembered), remembered.Missing).Mean, weights, null);
    }

    private void PlaceFeatures(ReadOnlySpan<float> centred, Span<float> placed)
    {
        for (int from = 0, to = 0; from < centred.Length; from += _mean.Length, to += Stride)
        {
            var vector = centred.Slice(from, _mean.Length);
            if (_weights is null)
                vector.CopyTo(placed[to..]);
            else
                RowSums.Multiply(vector, _weights, placed[to..]);
            placed[(to + _mean.Length)..(to + Stride)].Clear();
        }
    }

    private void PlaceLeadingDirections(ReadOnlySpan<float> centred, int rows, Span<float> placed)
    {
        MatrixKernels.Multiply(centred, false, _axes, false, placed, rows, Stride, _mean.Length, accumulate: false);
        for (var row = 0; row < rows; row++)
        {
            var code = placed.Slice(row * Stride, Stride);
            code[^1] = MathF.Sqrt(MathF.Max(0, RowSums.Squares(centred.Slice(row * _mean.Length, _mean.Length)) - RowSums.Squares(code[..^1])));
        }
    }
}

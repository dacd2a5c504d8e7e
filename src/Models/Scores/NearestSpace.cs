using AEAnomaly.Models.Features;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores;

/// <summary>Holds the remembered rows as one kind of vector (records, errors or latent vectors) and measures how far others are from them.</summary>
/// <remarks>
/// With d(x) the mean distance of x from its k nearest remembered vectors after the two nearest, and g(m) the mean distance of a remembered vector m from its own k
/// nearest, the energy is d(x) / sqrt(G(x) + median g / 100), G(x) the mean of g over the k nearest. The two nearest are passed over because an anomaly or two among
/// the training rows would else vouch for all that are like them: measured, it takes half a point from a clean memory and gives as much to one with anomalies. Undivided (k nearest neighbours) it overlooks what lies beside a dense group; divided by
/// G (as the local outlier factor) it overrates dense groups' edges. The square root was the best on average over ten open sets.
/// Records and errors are compared after a tempered whitening, by (S + m I)^-1 with S the covariance and m its mean eigenvalue: strong directions lose their lead,
/// weak ones are not blown up to noise. Latent vectors are compared as they are. Missing blocks are at the mean.
/// </remarks>
internal sealed class NearestSpace
{
    private const double Ridge = 1;

    // Others at no distance, as repeated rows are, keep the result finite this way.
    private const float LeastSpreadShare = 0.01f;

    private readonly FeatureLayout _layout;
    private readonly float[] _mean;
    private readonly Whitening? _whitening;
    private readonly float[] _vectors;
    private readonly float[] _spreads;

    private NearestSpace(ScoreKind kind, FeatureLayout layout, float[] mean, Whitening? whitening, float[] vectors, float[] spreads)
    {
        (Kind, _layout, _mean, _whitening, _vectors, _spreads) = (kind, layout, mean, whitening, vectors, spreads);
        Typical = LocalSpread.Typical(spreads);
    }

    /// <summary>Gets which vectors are compared.</summary>
    public ScoreKind Kind { get; }

    /// <summary>Gets the values of a vector.</summary>
    public int Width => _mean.Length;

    /// <summary>Gets the number of remembered rows.</summary>
    public int Rows => _spreads.Length;

    /// <summary>Gets the remembered vectors <c>[Rows, Width]</c>, of mean 0.</summary>
    public ReadOnlySpan<float> Vectors => _vectors;

    /// <summary>Gets the usual distance of a remembered vector from its nearest ones, above 0.</summary>
    public float Typical { get; }

    /// <summary>Fits the measure and remembers rows.</summary>
    /// <param name="kind">Which vectors are compared.</param>
    /// <param name="remembered">Rows to remember.</param>
    /// <param name="heldOut">Rows whose errors' covariance is the measure of errors: the network was not drawn towards them.</param>
    /// <param name="neighbors">Nearest rows to compare with.</param>
    public static NearestSpace Fit(ScoreKind kind, NormalRows remembered, NormalRows heldOut, int neighbors)
    {
        var layout = remembered.Layout;
        var source = Source(kind, remembered.Slice(0, remembered.Count));
        if (kind == ScoreKind.NearestLatent)
        {
            var (middle, latent) = Centring.Fit(source, remembered.LatentWidth);
            return new NearestSpace(kind, layout, middle, null, latent, LocalSpread.Fit(latent, middle.Length, neighbors));
        }

        var (mean, scaled) = Centring.Fit(layout, source, remembered.Missing);
        if (kind == ScoreKind.NearestResidual)
            (_, scaled) = Centring.Fit(layout, heldOut.Residuals, heldOut.Missing);
        var whitening = Whitening.Fit(mean, scaled, Ridge);
        var (centred, vectors) = (new float[source.Length], new float[source.Length]);
        Centring.Apply(layout, source, remembered.Missing, mean, centred);
        whitening.Apply(centred, vectors, remembered.Count);
        return new NearestSpace(kind, layout, mean, whitening, vectors, LocalSpread.Fit(vectors, mean.Length, neighbors));
    }

    /// <summary>Takes the fitted space back.</summary>
    public static NearestSpace Take(ScoreStore store, ScoreKind kind, FeatureLayout layout, int latentWidth, int rows)
    {
        var (name, isLatent) = (ScoreKinds.NameOf(kind), kind == ScoreKind.NearestLatent);
        var width = isLatent ? latentWidth : layout.Width;
        var vectors = store.Take($"{name}.vectors", new Shape(rows, width));
        var spreads = store.Take($"{name}.spreads", new Shape(rows));
        var whitening = isLatent ? null : Whitening.Take(store, name, width);
        return new NearestSpace(kind, layout, whitening is null ? store.Take($"{name}.mean", new Shape(width)) : whitening.Mean.ToArray(), whitening, vectors, spreads);
    }

    /// <summary>Puts everything that was fitted into the model's file.</summary>
    public void Keep(ScoreStore store)
    {
        var name = ScoreKinds.NameOf(Kind);
        store.Put($"{name}.vectors", new Shape(Rows, Width), _vectors);
        store.Put($"{name}.spreads", new Shape(Rows), _spreads);
        if (_whitening is null)
            store.Put($"{name}.mean", new Shape(Width), _mean);
        else
            _whitening.Keep(store, name);
    }

    /// <summary>Computes the vectors of rows.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="vectors">Receives <c>[rows.Count, Width]</c>.</param>
    /// <param name="work">At least as long.</param>
    public void Read(in ScoredRows rows, Span<float> vectors, Span<float> work)
    {
        if (_whitening is null)
        {
            Centring.Apply(Source(Kind, rows), _mean, vectors);
            return;
        }

        var centred = work[..vectors.Length];
        Centring.Apply(_layout, Source(Kind, rows), rows.Missing, _mean, centred);
        _whitening.Apply(centred, vectors, rows.Count);
    }

    /// <summary>Measures how far a vector is from the nearest of some remembered ones.</summary>
    /// <param name="vector">Vector <c>[Width]</c>.</param>
    /// <param name="candidates">Indices of remembered rows.</param>
    /// <param name="neighbors">k.</param>
    /// <param name="passed">Nearest ones whose distance does not count; with k at most as many as there are candidates.</param>
    public float Measure(ReadOnlySpan<float> vector, ReadOnlySpan<int> candidates, int neighbors, int passed)
    {
        Span<float> squares = stackalloc float[candidates.Length];
        Span<float> nearest = stackalloc float[passed + neighbors];
        Span<int> indices = stackalloc int[nearest.Length];
        Squares(vector, candidates, squares);
        NearestRows.Find(squares, nearest, indices);
        var (distance, spread) = (0f, 0f);
        for (var i = 0; i < neighbors; i++)
        {
            distance += MathF.Sqrt(nearest[passed + i]);
            spread += _spreads[candidates[indices[i]]];
        }

        return distance / neighbors / MathF.Sqrt((spread / neighbors) + (LeastSpreadShare * Typical));
    }

    /// <summary>Shares the distance from the nearest candidate out by the difference u of centred vectors, u_i ((S + m I)^-1 u)_i; latent vectors have no fields.</summary>
    /// <param name="missing">Flags of the row's blocks, or empty.</param>
    /// <param name="vector">The row's vector <c>[Width]</c>.</param>
    /// <param name="candidates">Indices of remembered rows.</param>
    /// <param name="costs">Receives one cost a block.</param>
    /// <returns>False where vectors have no fields; nothing is written.</returns>
    public bool TryShare(ReadOnlySpan<byte> missing, ReadOnlySpan<float> vector, ReadOnlySpan<int> candidates, Span<double> costs)
    {
        if (_whitening is null)
            return false;

        Span<float> squares = stackalloc float[candidates.Length];
        Span<float> nearest = stackalloc float[1];
        Span<int> index = stackalloc int[1];
        Squares(vector, candidates, squares);
        NearestRows.Find(squares, nearest, index);
        var (white, difference) = (new float[Width], new float[Width]);
        RowSums.Subtract(vector, Vector(candidates[index[0]]), white);
        _whitening.Restore(white, difference);
        Centring.ClearMissing(_layout, missing, difference);
        var solved = new float[Width];
        _whitening.Apply(difference, white, 1);
        _whitening.Solve(white, solved, 1);
        for (var b = 0; b < costs.Length; b++)
        {
            costs[b] = 0;
            for (var j = _layout.Blocks[b].Start; j < _layout.Blocks[b].End; j++)
                costs[b] += (double)difference[j] * solved[j];
        }

        return true;
    }

    private void Squares(ReadOnlySpan<float> vector, ReadOnlySpan<int> candidates, Span<float> squares)
    {
        for (var i = 0; i < squares.Length; i++)
            squares[i] = RowSums.SquaredDistance(vector, Vector(candidates[i]));
    }

    private ReadOnlySpan<float> Vector(int row) => _vectors.AsSpan(row * Width, Width);

    private static ReadOnlySpan<float> Source(ScoreKind kind, in ScoredRows rows) => kind switch
    {
        ScoreKind.NearestResidual => rows.Residuals,
        ScoreKind.NearestLatent => rows.Latent,
        _ => rows.Values,
    };
}

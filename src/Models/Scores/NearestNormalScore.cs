using AEAnomaly.Models.Features;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores;

/// <summary>Judges rows by how far they, their errors or their latent vectors are from the nearest of some remembered training rows; see <see cref="NormalMemory"/>.</summary>
/// <remarks>
/// Records and errors are compared after a tempered whitening, by (S + m I)^-1 with S the covariance and m its mean eigenvalue: strong directions lose their lead,
/// weak ones are not blown up to noise. Latent vectors are compared as they are. Missing blocks are at the mean.
/// Records and errors share the distance out by the difference to the nearest remembered row, u_i ((S + m I)^-1 u)_i; latent vectors as the model's own score.
/// </remarks>
internal sealed class NearestNormalScore : ScorePart
{
    /// <summary>Floats of a memory at most, whatever the options ask for: a row costs as many multiplications.</summary>
    public const int MostFloats = 65_536;

    private const double Ridge = 1;

    private readonly FeatureLayout _layout;
    private readonly float[] _mean;
    private readonly Whitening? _whitening;
    private readonly float[] _vectors;
    private readonly NormalMemory _memory;

    private NearestNormalScore(ScoreKind kind, FeatureLayout layout, float[] mean, Whitening? whitening, float[] vectors, int neighbors)
    {
        Kind = kind;
        _layout = layout;
        _mean = mean;
        _whitening = whitening;
        _vectors = vectors;
        var rows = vectors.Length / mean.Length;
        var white = vectors;
        if (whitening is not null)
        {
            white = new float[vectors.Length];
            whitening.Apply(vectors, white, rows);
        }

        _memory = new NormalMemory(white, mean.Length, neighbors);
    }

    public override ScoreKind Kind { get; }

    public override ScoreNeeds Needs => Kind switch
    {
        ScoreKind.NearestResidual => ScoreNeeds.Residuals,
        ScoreKind.NearestLatent => ScoreNeeds.Latent,
        _ => ScoreNeeds.None,
    };

    /// <summary>Gets how many rows are remembered.</summary>
    /// <param name="wanted">Rows that the options ask for.</param>
    /// <param name="trainingRows">Rows there are.</param>
    /// <param name="width">Values of a vector.</param>
    public static int RowsOf(int wanted, int trainingRows, int width) => Math.Min(Math.Min(wanted, trainingRows), Math.Max(1, MostFloats / width));

    /// <summary>Fits the score.</summary>
    /// <param name="kind">Which vectors are compared.</param>
    /// <param name="remembered">Training rows to choose from, in random order.</param>
    /// <param name="spread">Rows whose covariance is the measure.</param>
    /// <param name="wanted">Rows to remember.</param>
    /// <param name="neighbors">Nearest rows to compare with.</param>
    public static NearestNormalScore Fit(ScoreKind kind, NormalRows remembered, NormalRows spread, int wanted, int neighbors)
    {
        var layout = spread.Layout;
        var width = kind == ScoreKind.NearestLatent ? spread.LatentWidth : layout.Width;
        var rows = RowsOf(wanted, remembered.Count, width);
        var source = Source(kind, remembered.Slice(0, rows));
        var vectors = new float[rows * width];
        if (kind == ScoreKind.NearestLatent)
        {
            var (middle, _) = Centring.Fit(source, width);
            Centring.Apply(source, middle, vectors);
            return new NearestNormalScore(kind, layout, middle, null, vectors, neighbors);
        }

        var (mean, centred) = Centring.Fit(layout, Source(kind, spread.Slice(0, spread.Count)), spread.Missing);
        Centring.Apply(layout, source, remembered.Slice(0, rows).Missing, mean, vectors);
        return new NearestNormalScore(kind, layout, mean, Whitening.Fit(mean, centred, Ridge), vectors, neighbors);
    }

    /// <summary>Takes the fitted score back.</summary>
    public static NearestNormalScore Take(ScoreStore store, ScoreKind kind, FeatureLayout layout, int latentWidth, int wanted, int trainingRows, int neighbors)
    {
        var isLatent = kind == ScoreKind.NearestLatent;
        var width = isLatent ? latentWidth : layout.Width;
        var vectors = store.Take($"{NameOf(kind)}.rows", new Shape(RowsOf(wanted, trainingRows, width), width));
        if (isLatent)
            return new NearestNormalScore(kind, layout, store.Take($"{NameOf(kind)}.mean", new Shape(width)), null, vectors, neighbors);

        var whitening = Whitening.Take(store, NameOf(kind), width);
        return new NearestNormalScore(kind, layout, whitening.Mean.ToArray(), whitening, vectors, neighbors);
    }

    public override void Keep(ScoreStore store)
    {
        store.Put($"{NameOf(Kind)}.rows", new Shape(_memory.Rows, _mean.Length), _vectors);
        if (_whitening is null)
            store.Put($"{NameOf(Kind)}.mean", new Shape(_mean.Length), _mean);
        else
            _whitening.Keep(store, NameOf(Kind));
    }

    public override int WorkFloats(int rows) => (2 * rows * _mean.Length) + _memory.WorkFloats(rows);

    public override void Judge(in ScoredRows rows, Span<float> energies, Span<float> work) =>
        _memory.Measure(Vectors(rows, work), energies, work[(2 * rows.Count * _mean.Length)..]);

    public override void Share(in ScoredRows row, ReadOnlySpan<float> own, Span<double> costs, Span<float> work)
    {
        if (_whitening is null)
        {
            base.Share(row, own, costs, work);
            return;
        }

        var width = _mean.Length;
        var nearest = _memory.Nearest(Vectors(row, work), work[(2 * width)..]);
        var (difference, solved) = (new float[width], new float[width]);
        RowSums.Subtract(work[..width], _vectors.AsSpan(nearest * width, width), difference);
        Centring.ClearMissing(_layout, row.Missing, difference);
        _whitening.Apply(difference, work[..width], 1);
        _whitening.Solve(work[..width], solved, 1);
        for (var b = 0; b < costs.Length; b++)
        {
            costs[b] = 0;
            for (var j = _layout.Blocks[b].Start; j < _layout.Blocks[b].End; j++)
                costs[b] += (double)difference[j] * solved[j];
        }
    }

    private static ReadOnlySpan<float> Source(ScoreKind kind, in ScoredRows rows) => kind switch
    {
        ScoreKind.NearestResidual => rows.Residuals,
        ScoreKind.NearestLatent => rows.Latent,
        _ => rows.Values,
    };

    private static string NameOf(ScoreKind kind) => ScoreKinds.NameOf(kind);

    // The centred vectors come first in the working memory, the whitened ones after them.
    private Span<float> Vectors(in ScoredRows rows, Span<float> work)
    {
        var floats = rows.Count * _mean.Length;
        if (_whitening is null)
        {
            Centring.Apply(Source(Kind, rows), _mean, work[..floats]);
            return work[..floats];
        }

        Centring.Apply(_layout, Source(Kind, rows), rows.Missing, _mean, work[..floats]);
        _whitening.Apply(work[..floats], work.Slice(floats, floats), rows.Count);
        return work.Slice(floats, floats);
    }
}

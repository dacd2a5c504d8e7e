using System.Runtime.CompilerServices;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Scores;

/// <summary>Judges rows by how far they, their errors and their latent vectors are from the nearest of some remembered training rows.</summary>
/// <remarks>
/// With d(x) the mean distance of x from its k nearest remembered rows after the two nearest, and g(m) the mean distance of a remembered row m from its own k nearest,
/// the energy is d(x) / sqrt(G(x) + median g / 100), G(x) the mean of g over the k nearest. The two nearest are passed over because an anomaly or two among the
/// training rows would vouch for all that are like them: measured, that takes half a point from a clean memory and less from one with anomalies. Undivided (k nearest neighbours) it overlooks what lies beside a dense group; divided by
/// G (as the local outlier factor) it overrates dense groups' edges. The square root was the best on average over ten open sets.
/// In each <see cref="NeighborSpace"/> the k nearest are looked for among the rows of one <see cref="NeighborShortlist"/>.
/// Records and errors share their energy out by the difference to the nearest remembered row; latent vectors as the model's own score.
/// </remarks>
internal sealed class NearestNormalScore : ScorePart
{
    /// <summary>Floats of a memory at most, whatever the options ask for: 16 MiB.</summary>
    public const int MostFloats = 1 << 22;

    private const int MostPassed = 2;

    private readonly NeighborSpace[] _spaces;
    private readonly NeighborShortlist _shortlist;
    private readonly NeighborMemory _memory;
    private readonly int _neighbors;
    private readonly int _passed;

    private NearestNormalScore(NeighborSpace[] spaces, NeighborShortlist shortlist, int neighbors)
    {
        _spaces = spaces;
        _shortlist = shortlist;
        _memory = new NeighborMemory(spaces);
        _neighbors = Math.Min(neighbors, shortlist.Rows);
        _passed = Math.Clamp(Math.Min(shortlist.Rows, NeighborShortlist.FewestRows) - _neighbors, 0, MostPassed);
        Kinds = [.. spaces.Select(space => space.Kind)];
        Needs = spaces.Aggregate(ScoreNeeds.None, (needs, space) => needs | space.Kind switch
        {
            ScoreKind.NearestResidual => ScoreNeeds.Residuals,
            ScoreKind.NearestLatent => ScoreNeeds.Latent,
            _ => ScoreNeeds.None,
        });
    }

    public override IReadOnlyList<ScoreKind> Kinds { get; }

    public override ScoreNeeds Needs { get; }

    /// <summary>Gets how many rows are remembered.</summary>
    /// <param name="kinds">Which vectors are compared.</param>
    /// <param name="wanted">Rows that the options ask for.</param>
    /// <param name="trainingRows">Rows there are.</param>
    /// <param name="width">Features of a row.</param>
    /// <param name="latentWidth">Values of a latent vector.</param>
    public static int RowsOf(IReadOnlyList<ScoreKind> kinds, int wanted, int trainingRows, int width, int latentWidth) =>
        Math.Min(Math.Min(wanted, trainingRows), Math.Max(1, MostFloats / kinds.Sum(kind => kind == ScoreKind.NearestLatent ? latentWidth : width)));

    /// <summary>Fits the score.</summary>
    /// <param name="kinds">Which vectors are compared.</param>
    /// <param name="remembered">Training rows, all of which are remembered.</param>
    /// <param name="training">Training rows whose covariance is the measure between records.</param>
    /// <param name="heldOut">Rows whose errors' covariance is the measure between errors.</param>
    /// <param name="neighbors">Nearest rows to compare with.</param>
    public static NearestNormalScore Fit(IReadOnlyList<ScoreKind> kinds, NormalRows remembered, NormalRows training, NormalRows heldOut, int neighbors)
    {
        NeighborSpace[] spaces =
            [.. kinds.Select(kind => NeighborSpace.Fit(kind, remembered, kind == ScoreKind.NearestNormal ? training : heldOut, neighbors))];
        return new NearestNormalScore(spaces, new NeighborShortlist(spaces), neighbors);
    }

    /// <summary>Takes the fitted score back.</summary>
    public static NearestNormalScore Take(ScoreStore store, IReadOnlyList<ScoreKind> kinds, FeatureLayout layout, int latentWidth, int rows, int neighbors)
    {
        NeighborSpace[] spaces = [.. kinds.Select(kind => NeighborSpace.Take(store, kind, layout, latentWidth, rows, neighbors))];
        return new NearestNormalScore(spaces, NeighborShortlist.Take(store, spaces), neighbors);
    }

    public override void Keep(ScoreStore store)
    {
        foreach (var space in _spaces)
            space.Keep(store);
        _shortlist.Keep(store);
    }

    public override int WorkFloats(int rows) =>
        PlacedFloats(rows) + Math.Max(_spaces.Max(space => space.WorkFloats(rows)), _shortlist.WorkFloats);

    public override void Judge(in ScoredRows rows, Span<float> energies, Span<float> work)
    {
        var placed = work[..PlacedFloats(rows.Count)];
        work = work[placed.Length..];
        Place(rows, placed, work);
        Span<int> listed = stackalloc int[NeighborShortlist.ProductRows * NeighborShortlist.MostRows];
        Span<int> counts = stackalloc int[NeighborShortlist.ProductRows];
        for (var first = 0; first < rows.Count; first += NeighborShortlist.ProductRows)
        {
            var count = Math.Min(NeighborShortlist.ProductRows, rows.Count - first);
            _shortlist.Prepare(placed, first, count, rows.Count, work);
            for (var row = 0; row < count; row++)
            {
                var candidates = listed.Slice(row * NeighborShortlist.MostRows, NeighborShortlist.MostRows);
                counts[row] = _shortlist.List(work, count, row, candidates);
                _memory.Prefetch(candidates[..counts[row]]);
            }

            for (var row = 0; row < count; row++)
                JudgeRow(placed, rows.Count, first + row, listed.Slice(row * NeighborShortlist.MostRows, counts[row]), energies);
        }
    }

    public override void Share(in ScoredRows row, int kind, ReadOnlySpan<float> own, Span<double> costs, Span<float> work)
    {
        var space = _spaces[kind];
        if (!space.HasFields)
        {
            base.Share(row, kind, own, costs, work);
            return;
        }

        var placed = work[..PlacedFloats(1)];
        work = work[placed.Length..];
        Place(row, placed, work);
        Span<int> listed = stackalloc int[NeighborShortlist.MostRows];
        _shortlist.Prepare(placed, 0, 1, 1, work);
        var candidates = listed[.._shortlist.List(work, 1, 0, listed)];
        costs.Clear();
        if (candidates.IsEmpty)
            return;

        Span<float> distances = stackalloc float[NeighborShortlist.MostRows];
        Span<float> nearest = stackalloc float[NeighborShortlist.MostRows];
        Span<int> indices = stackalloc int[NeighborShortlist.MostRows];
        var start = _spaces[..kind].Sum(before => before.Stride);
        Compare(placed.Slice(start, space.Stride), start, candidates, distances, nearest, indices);
        space.Place(row, placed.Slice(start, space.Stride), work);
        space.Share(work[..space.WorkFloats(1)], row.Missing, candidates[indices[0]], costs);
    }

    [SkipLocalsInit]
    private void JudgeRow(ReadOnlySpan<float> placed, int rows, int row, ReadOnlySpan<int> candidates, Span<float> energies)
    {
        Span<float> squares = stackalloc float[NeighborShortlist.MostRows];
        Span<float> nearest = stackalloc float[NeighborShortlist.MostRows];
        Span<int> indices = stackalloc int[NeighborShortlist.MostRows];
        for (int i = 0, start = 0; i < _spaces.Length; start += _spaces[i].Stride, i++)
        {
            ref var energy = ref energies[(i * rows) + row];
            energy = float.MaxValue;
            if (candidates.Length < _neighbors + _passed)
                continue;

            var step = _spaces[i].Stride;
            Compare(placed.Slice((start * rows) + (row * step), step), start, candidates, squares, nearest, indices);
            for (var k = 0; k < _neighbors; k++)
                indices[k] = candidates[indices[k]];
            energy = _spaces[i].Score(nearest.Slice(_passed, _neighbors), indices[.._neighbors]);
        }
    }

    // The squared distances of the candidates, ascending, and which of them they are.
    private void Compare(
        ReadOnlySpan<float> vector, int start, ReadOnlySpan<int> candidates, Span<float> squares, Span<float> nearest, Span<int> indices)
    {
        var floats = PaddedRows.StrideOf(candidates.Length);
        _memory.Compare(vector, start, candidates, squares);
        NearestRows.Rank(squares[..floats], candidates.Length, nearest[..floats], indices[..floats]);
    }

    private int PlacedFloats(int rows)
    {
        var floats = 0;
        foreach (var space in _spaces)
            floats += rows * space.Stride;
        return floats;
    }

    private void Place(in ScoredRows rows, Span<float> placed, Span<float> work)
    {
        var start = 0;
        foreach (var space in _spaces)
        {
            space.Place(rows, placed.Slice(start, rows.Count * space.Stride), work);
            start += rows.Count * space.Stride;
        }
    }
}

using System.Runtime.CompilerServices;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Neighbors;

namespace AEAnomaly.Models.Scores.Nearest;

/// <summary>Judges rows by how far they, their errors and their latent vectors are from the nearest of some remembered training rows.</summary>
/// <remarks>
/// A row's neighbours are the remembered rows that are nearest in all <see cref="NeighborSpace"/>s together, the squared distance in each divided by that of its usual
/// distance. With d(x) in one space the mean distance of x from k neighbours after the two nearest, g(m) the mean distance of a remembered row m from its own k nearest there,
/// u the median of g and G(x) the mean of min(g, 8 u) over the k nearest, the energy is d(x) / (G(x) + u). Divided by u alone (k nearest neighbours) it would overlook what lies beside a
/// dense group; by G alone (as the local outlier factor) it would overrate the edges of dense groups. The two nearest are passed over, and g is bounded, because an
/// anomaly or two among the training rows would vouch for all that are like them: measured, both take some tenths of a point from a clean memory and give more to one with anomalies.
/// The neighbours are looked for among the rows of one <see cref="NeighborShortlist"/>.
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

    private NearestNormalScore(NeighborSpace[] spaces, NeighborMemory memory, NeighborShortlist shortlist, int neighbors)
    {
        _spaces = spaces;
        _memory = memory;
        _shortlist = shortlist;
        _neighbors = Math.Min(neighbors, shortlist.Rows);
        _passed = Math.Clamp(shortlist.Rows - _neighbors, 0, MostPassed);
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
    /// <param name="training">Training rows whose variances are the measure between records.</param>
    /// <param name="heldOut">Rows whose errors' variances are the measure between errors.</param>
    /// <param name="neighbors">Nearest rows to compare with.</param>
    public static NearestNormalScore Fit(IReadOnlyList<ScoreKind> kinds, NormalRows remembered, NormalRows training, NormalRows heldOut, int neighbors)
    {
        var (spaces, vectors) = (new NeighborSpace[kinds.Count], new float[kinds.Count][]);
        for (var i = 0; i < spaces.Length; i++)
            (spaces[i], vectors[i]) = NeighborSpace.Fit(kinds[i], remembered, kinds[i] == ScoreKind.NearestNormal ? training : heldOut, neighbors);
        var memory = new NeighborMemory(vectors, remembered.Count);
        return new NearestNormalScore(spaces, memory, new NeighborShortlist(spaces, memory, neighbors + MostPassed), neighbors);
    }

    /// <summary>Takes the fitted score back.</summary>
    public static NearestNormalScore Take(ScoreStore store, IReadOnlyList<ScoreKind> kinds, FeatureLayout layout, int latentWidth, int rows, int neighbors)
    {
        var (spaces, vectors) = (new NeighborSpace[kinds.Count], new float[kinds.Count][]);
        for (var i = 0; i < spaces.Length; i++)
            (spaces[i], vectors[i]) = NeighborSpace.Take(store, kinds[i], layout, latentWidth, rows);
        var memory = new NeighborMemory(vectors, rows);
        return new NearestNormalScore(spaces, memory, NeighborShortlist.Take(store, spaces, memory, neighbors + MostPassed), neighbors);
    }

    public override void Keep(ScoreStore store)
    {
        for (var i = 0; i < _spaces.Length; i++)
            _spaces[i].Keep(store, _memory.Copy(i));
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

    public override void Explain(in ScoredRows row, ReadOnlySpan<float> own, Span<float> energies, Span<double> costs, Span<float> work)
    {
        var placed = work[..PlacedFloats(1)];
        work = work[placed.Length..];
        Place(row, placed, work);
        Span<int> listed = stackalloc int[NeighborShortlist.MostRows];
        _shortlist.Prepare(placed, 0, 1, 1, work);
        var candidates = listed[.._shortlist.List(work, 1, 0, listed)];
        var nearest = JudgeRow(placed, 1, 0, candidates, energies);
        costs.Clear();
        for (int i = 0, start = 0; i < _spaces.Length; start += _spaces[i].Stride, i++)
        {
            var blocks = costs.Slice(i * own.Length, own.Length);
            if (!_spaces[i].HasFields)
                Share(row, own, blocks, work);
            else if (nearest is { } index)
                _spaces[i].Share(placed.Slice(start, _spaces[i].Stride), row.Missing, _memory.Vector(i, index), blocks);
        }
    }

    // Returns the remembered row that is nearest of all, unless the row's numbers are such that none is.
    [SkipLocalsInit]
    private int? JudgeRow(ReadOnlySpan<float> placed, int rows, int row, ReadOnlySpan<int> candidates, Span<float> energies)
    {
        if (candidates.Length < _neighbors + _passed)
        {
            for (var i = 0; i < _spaces.Length; i++)
                energies[(i * rows) + row] = float.MaxValue;
            return null;
        }

        Span<float> squares = stackalloc float[_spaces.Length * NeighborShortlist.MostRows];
        Span<int> order = stackalloc int[NeighborShortlist.MostRows];
        Compare(placed, rows, row, candidates, squares, order);
        for (var i = 0; i < _spaces.Length; i++)
        {
            var own = squares.Slice(i * NeighborShortlist.MostRows, candidates.Length);
            var (distance, spread) = (0f, 0f);
            for (var k = 0; k < _neighbors; k++)
            {
                distance += MathF.Sqrt(own[order[k + _passed]]);
                spread += _spaces[i].SpreadOf(candidates[order[k]]);
            }

            // What overflowed is as far away as can be.
            var energy = distance / (spread + (_neighbors * _spaces[i].Scale));
            energies[(i * rows) + row] = float.IsFinite(energy) ? energy : float.MaxValue;
        }

        return candidates[order[0]];
    }

    // The squared distances of a row from the candidates in each space, and the order in which these are near in all of them together.
    private void Compare(ReadOnlySpan<float> placed, int rows, int row, ReadOnlySpan<int> candidates, Span<float> squares, Span<int> order)
    {
        Span<float> together = stackalloc float[NeighborShortlist.MostRows];
        together.Clear();
        for (int i = 0, start = 0; i < _spaces.Length; start += _spaces[i].Stride, i++)
        {
            var step = _spaces[i].Stride;
            var own = squares.Slice(i * NeighborShortlist.MostRows, candidates.Length);
            _memory.Compare(placed.Slice((start * rows) + (row * step), step), i, candidates, own);
            ElementKernels.AddScaled(own, 1 / (_spaces[i].Scale * _spaces[i].Scale), together);
        }

        NearestRows.Rank(together[..PaddedRows.StrideOf(candidates.Length)], candidates.Length, order);
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

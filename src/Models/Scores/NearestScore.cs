using System.Runtime.InteropServices;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Scores;

/// <summary>Judges rows by how far they, their errors and their latent vectors are from the nearest of some remembered training rows; see <see cref="NearestSpace"/>.</summary>
/// <remarks>All spaces remember the same rows and compare a row with the same <see cref="Shortlist"/> of them: the search costs as much for three spaces as for one.</remarks>
internal sealed class NearestScore : ScorePart
{
    /// <summary>Remembered rows of a shortlist at least, where there are as many.</summary>
    public const int ShortlistLength = 16;

    private const int Passed = 2;

    // Memory stays below 16 MB whatever the options ask for: wide rows are fewer.
    private const int MostFloats = 4_194_304;

    private readonly NearestSpace[] _spaces;
    private readonly Shortlist _shortlist;
    private readonly int _length;
    private readonly int _neighbors;
    private readonly int _passed;
    private readonly int _width;

    private NearestScore(NearestSpace[] spaces, Shortlist shortlist, int neighbors)
    {
        (_spaces, _shortlist) = (spaces, shortlist);
        var rows = spaces[0].Rows;
        _neighbors = Math.Min(neighbors, rows);
        _passed = Math.Min(Passed, rows - _neighbors);
        _length = Math.Min(Math.Max(ShortlistLength, neighbors + Passed), rows);
        _width = spaces.Sum(space => space.Width);
        Needs = spaces.Aggregate(ScoreNeeds.None, (needs, space) => needs | NeedsOf(space.Kind));
    }

    public override ScoreKind Kind => _spaces[0].Kind;

    public override int Count => _spaces.Length;

    public override ScoreNeeds Needs { get; }

    /// <summary>Gets whether a score is one of these.</summary>
    public static bool Is(ScoreKind kind) => kind is ScoreKind.NearestNormal or ScoreKind.NearestResidual or ScoreKind.NearestLatent;

    /// <summary>Gets what a space reads.</summary>
    public static ScoreNeeds NeedsOf(ScoreKind kind) => kind switch
    {
        ScoreKind.NearestResidual => ScoreNeeds.Residuals,
        ScoreKind.NearestLatent => ScoreNeeds.Latent,
        _ => ScoreNeeds.None,
    };

    /// <summary>Gets how many rows are remembered.</summary>
    /// <param name="kinds">Which vectors are compared.</param>
    /// <param name="wanted">Rows that the options ask for.</param>
    /// <param name="trainingRows">Rows there are.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="latentWidth">Values of a latent vector.</param>
    public static int RowsOf(ScoreKind[] kinds, int wanted, int trainingRows, int features, int latentWidth)
    {
        var width = kinds.Sum(kind => kind == ScoreKind.NearestLatent ? latentWidth : features);
        return Math.Min(Math.Min(wanted, trainingRows), Math.Max(1, MostFloats / width));
    }

    /// <summary>Fits the scores.</summary>
    /// <param name="kinds">Which vectors are compared.</param>
    /// <param name="remembered">Rows to remember.</param>
    /// <param name="heldOut">Rows that the network did not learn from.</param>
    /// <param name="neighbors">Nearest rows to compare with.</param>
    public static NearestScore Fit(ScoreKind[] kinds, NormalRows remembered, NormalRows heldOut, int neighbors)
    {
        var spaces = Array.ConvertAll(kinds, kind => NearestSpace.Fit(kind, remembered, heldOut, neighbors));
        return new NearestScore(spaces, Shortlist.Fit(spaces), neighbors);
    }

    /// <summary>Takes the fitted scores back.</summary>
    public static NearestScore Take(ScoreStore store, ScoreKind[] kinds, FeatureLayout layout, int latentWidth, int rows, int neighbors)
    {
        var spaces = Array.ConvertAll(kinds, kind => NearestSpace.Take(store, kind, layout, latentWidth, rows));
        return new NearestScore(spaces, Shortlist.Take(store, spaces), neighbors);
    }

    public override void Keep(ScoreStore store)
    {
        foreach (var space in _spaces)
            space.Keep(store);
        _shortlist.Keep(store);
    }

    public override int WorkFloats(int rows) => (rows * (_width + _length)) + Math.Max(rows * _spaces.Max(space => space.Width), _shortlist.WorkFloats(rows, _length));

    public override void Judge(in ScoredRows rows, Span<float> energies, Span<float> work)
    {
        var count = rows.Count;
        var candidates = Search(rows, work);
        var start = 0;
        for (var i = 0; i < _spaces.Length; i++)
        {
            var space = _spaces[i];
            for (var row = 0; row < count; row++)
            {
                energies[(i * count) + row] =
                    space.Measure(work.Slice(start + (row * space.Width), space.Width), candidates.Slice(row * _length, _length), _neighbors, _passed);
            }

            start += count * space.Width;
        }
    }

    public override void Share(in ScoredRows row, int score, ReadOnlySpan<float> own, Span<double> costs, Span<float> work)
    {
        var candidates = Search(row, work);
        var start = _spaces.Take(score).Sum(space => space.Width);
        if (!_spaces[score].TryShare(row.Missing, work.Slice(start, _spaces[score].Width), candidates, costs))
            base.Share(row, score, own, costs, work);
    }

    // The vectors come first in the working memory, space by space, then the candidates.
    private Span<int> Search(in ScoredRows rows, Span<float> work)
    {
        var count = rows.Count;
        var candidates = MemoryMarshal.Cast<float, int>(work.Slice(count * _width, count * _length));
        var rest = work[(count * (_width + _length))..];
        var start = 0;
        foreach (var space in _spaces)
        {
            space.Read(rows, work.Slice(start, count * space.Width), rest);
            start += count * space.Width;
        }

        _shortlist.Find(work[..start], count, candidates, rest);
        return candidates;
    }
}

using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Neighbors;

namespace AEAnomaly.Models.Scores;

/// <summary>Judges rows by the squared Mahalanobis distance of their errors: (r - m)' S^-1 (r - m), m and S the mean and covariance of held-out rows' errors.</summary>
/// <remarks>
/// A large error counts little where large errors are usual, and much where errors that usually go together do not. Errors are those of <see cref="ResidualVector"/>;
/// a missing block's r - m is 0. Missing blocks of the held-out rows are left out of m and of the variances in S: each is over the rows that have the block.
/// A block's cost is its part of the sum, sum_i (r - m)_i (S^-1 (r - m))_i; a negative one counts as 0.
/// </remarks>
internal sealed class WhitenedScore : ScorePart
{
    private const string Name = "whitened";

    // A direction in which held-out errors hardly vary weighs at most a thousand times the mean one.
    private const double Ridge = 1e-3;

    private readonly Whitening _whitening;

    private WhitenedScore(Whitening whitening) => _whitening = whitening;

    public override IReadOnlyList<ScoreKind> Kinds { get; } = [ScoreKind.Whitened];

    public override ScoreNeeds Needs => ScoreNeeds.Residuals;

    /// <summary>Fits mean and covariance.</summary>
    public static WhitenedScore Fit(NormalRows rows)
    {
        var (mean, centred) = Centring.Fit(rows.Layout, rows.Residuals, rows.Missing);
        return new WhitenedScore(Whitening.Fit(mean, centred, Ridge));
    }

    /// <summary>Takes the fitted score back.</summary>
    public static WhitenedScore Take(ScoreStore store, FeatureLayout layout) => new(Whitening.Take(store, Name, layout.Width));

    public override void Keep(ScoreStore store) => _whitening.Keep(store, Name);

    public override int WorkFloats(int rows) => 2 * rows * _whitening.Width;

    public override void Judge(in ScoredRows rows, Span<float> energies, Span<float> work)
    {
        var width = _whitening.Width;
        var white = Whiten(rows, work);
        for (var row = 0; row < rows.Count; row++)
            energies[row] = RowSums.Squares(white.Slice(row * width, width));
    }

    protected override void Share(in ScoredRows row, ReadOnlySpan<float> own, Span<double> costs, Span<float> work)
    {
        var width = _whitening.Width;
        Whiten(row, work);
        var solved = new float[width];
        _whitening.Solve(work.Slice(width, width), solved, 1);
        for (var b = 0; b < costs.Length; b++)
        {
            costs[b] = 0;
            for (var j = row.Layout.Blocks[b].Start; j < row.Layout.Blocks[b].End; j++)
                costs[b] += (double)work[j] * solved[j];
        }
    }

    private Span<float> Whiten(in ScoredRows rows, Span<float> work)
    {
        var floats = rows.Count * _whitening.Width;
        Centring.Apply(rows.Layout, rows.Residuals, rows.Missing, _whitening.Mean, work[..floats]);
        var white = work.Slice(floats, floats);
        _whitening.Apply(work[..floats], white, rows.Count);
        return white;
    }
}

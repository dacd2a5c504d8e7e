using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Neighbors;

namespace AEAnomaly.Models.Scores;

/// <summary>Judges rows by the squared Mahalanobis distance of their latent vectors from those of held-out rows.</summary>
/// <remarks>A latent vector belongs to no field: the distance is shared out as the model's own score is.</remarks>
internal sealed class LatentDistanceScore : ScorePart
{
    private const string Name = "latent_distance";
    private const double Ridge = 1e-3;

    private readonly Whitening _whitening;

    private LatentDistanceScore(Whitening whitening) => _whitening = whitening;

    public override IReadOnlyList<ScoreKind> Kinds { get; } = [ScoreKind.LatentDistance];

    public override ScoreNeeds Needs => ScoreNeeds.Latent;

    /// <summary>Fits mean and covariance.</summary>
    public static LatentDistanceScore Fit(NormalRows rows)
    {
        var (mean, centred) = Centring.Fit(rows.Latent, rows.LatentWidth);
        return new LatentDistanceScore(Whitening.Fit(mean, centred, Ridge));
    }

    /// <summary>Takes the fitted score back.</summary>
    public static LatentDistanceScore Take(ScoreStore store, int latentWidth) => new(Whitening.Take(store, Name, latentWidth));

    public override void Keep(ScoreStore store) => _whitening.Keep(store, Name);

    public override int WorkFloats(int rows) => 2 * rows * _whitening.Width;

    public override void Judge(in ScoredRows rows, Span<float> energies, Span<float> work)
    {
        var width = _whitening.Width;
        var centred = work[..(rows.Count * width)];
        var white = work.Slice(rows.Count * width, rows.Count * width);
        Centring.Apply(rows.Latent, _whitening.Mean, centred);
        _whitening.Apply(centred, white, rows.Count);
        for (var row = 0; row < rows.Count; row++)
            energies[row] = RowSums.Squares(white.Slice(row * width, width));
    }
}

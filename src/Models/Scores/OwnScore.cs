namespace AEAnomaly.Models.Scores;

/// <summary>Judges rows by the model's own score.</summary>
/// <param name="kind">What that score is.</param>
internal sealed class OwnScore(ScoreKind kind) : ScorePart
{
    public override IReadOnlyList<ScoreKind> Kinds { get; } = [kind];

    public override ScoreNeeds Needs => ScoreNeeds.Own;

    public override void Judge(in ScoredRows rows, Span<float> energies, Span<float> work) => rows.Own.CopyTo(energies);
}

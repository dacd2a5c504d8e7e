using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Fitting;

/// <summary>Holds what fitting a network gave beside its weights.</summary>
/// <param name="Report">How it went, without duration.</param>
/// <param name="Scores">Scores fitted on top of the network's own, or null.</param>
/// <param name="HeldOutScores">Scores of the held-out rows as rows get them that nothing was fitted to; null where scoring them gives that.</param>
internal sealed record FitResult(TrainingReport Report, ScoreSuite? Scores, float[]? HeldOutScores);

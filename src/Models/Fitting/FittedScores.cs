using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Fitting;

/// <summary>Holds scores and what they give for the rows they were fitted to.</summary>
/// <param name="Suite">Fitted scores.</param>
/// <param name="HeldOut">Scores of the held-out rows, each by scores fitted without it: such as rows get that nothing was fitted to. A threshold learned from them is not too low.</param>
internal sealed record FittedScores(ScoreSuite Suite, float[] HeldOut);

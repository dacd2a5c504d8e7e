namespace AEAnomaly.Detection.Thresholds;

/// <summary>Holds a learned threshold. <c>ratio = score / threshold</c>; above 1 is an anomaly, whatever the variant.</summary>
/// <param name="Value">Score at which a record becomes an anomaly, above 0.</param>
/// <param name="Method">How it was learned: "quantile" or "alert_rate".</param>
/// <param name="Quantile">Share of held-out normal scores at or below <paramref name="Value"/>, 0 to 1.</param>
/// <param name="HeldOutScores">Number of held-out scores it was learned from.</param>
/// <param name="HeldOut">How those scores were distributed; gives tail probabilities.</param>
public sealed record Threshold(double Value, string Method, double Quantile, int HeldOutScores, ScoreDistribution HeldOut)
{
    /// <summary>Expresses a score as a multiple of the threshold.</summary>
    /// <param name="score">Score of a record.</param>
    public double Ratio(double score) => score / Value;
}

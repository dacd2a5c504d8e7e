namespace AEAnomaly.Detection.Thresholds;

/// <summary>Holds a learned threshold. <c>ratio = score / threshold</c>; above 1 is an anomaly, whatever the variant.</summary>
/// <param name="Value">Score at which a record becomes an anomaly, above 0.</param>
/// <param name="Method">How it was learned: "quantile" or "alert_rate".</param>
/// <param name="Quantile">Share of held-out normal scores at or below <paramref name="Value"/>, 0 to 1.</param>
/// <param name="HeldOutScores">Number of held-out scores it was learned from.</param>
/// <param name="HeldOut">How those scores were distributed; gives tail probabilities.</param>
public sealed record Threshold(double Value, string Method, double Quantile, int HeldOutScores, ScoreDistribution HeldOut)
{
    // Below this the asked share of normal records is far from sure, and results say so.
    private const int FewHeldOutScores = 50;

    /// <summary>Gets the share of normal records that the threshold flags, at most, as far as the held-out scores can tell: their upper confidence bound of 95 %.</summary>
    /// <value>0.26 from 10 scores, 0.11 from 25, 0.024 from 200 at the default quantile; the share that is expected is 1 - <see cref="Quantile"/>.</value>
    public double AlarmRateAtMost { get; init; } = ExceedanceBound.Upper(HeldOutScores, (int)Math.Max(0, HeldOutScores - Math.Floor((HeldOutScores + 1) * Quantile)));

    /// <summary>Gets whether few scores were held out.</summary>
    public bool IsUncertain => HeldOutScores < FewHeldOutScores;

    /// <summary>Expresses a score as a multiple of the threshold.</summary>
    /// <param name="score">Score of a record.</param>
    public double Ratio(double score) => score / Value;
}

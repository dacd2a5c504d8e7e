using AEAnomaly.Detection.Thresholds;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Says how bad an anomaly is.</summary>
/// <param name="Score">Score, finite.</param>
/// <param name="Ratio">Score over threshold, above 1.</param>
/// <param name="TailProbability">Estimated probability that a normal record scores higher.</param>
/// <param name="Confidence">Probability that a normal record scores lower, by the held-out sample alone.</param>
/// <param name="Severity">Grade.</param>
internal readonly record struct AnomalyGrade(double Score, double Ratio, double TailProbability, double Confidence, Severity Severity)
{
    /// <summary>Gives a score that JSON can hold: a squared error can overflow, and there is no infinity.</summary>
    public static double Finite(float score) => float.IsFinite(score) ? score : float.MaxValue;

    public static AnomalyGrade Of(float score, Threshold threshold)
    {
        var finite = Finite(score);
        var tail = threshold.HeldOut.TailProbability(finite);
        var rarity = threshold.HeldOut.TailProbability(threshold.Value) / tail;
        var severity = rarity switch
        {
            >= 1000 => Severity.Critical,
            >= 100 => Severity.High,
            >= 10 => Severity.Medium,
            _ => Severity.Low,
        };

        // Laplace's rule of succession: n held-out scores, k of them higher, give (n - k + 1) / (n + 2). No extrapolation, so a small sample never sounds sure.
        var n = threshold.HeldOutScores;
        var confidence = (n * threshold.HeldOut.ShareAtOrBelow(finite) + 1) / (n + 2);
        return new AnomalyGrade(finite, threshold.Ratio(finite), tail, confidence, severity);
    }
}

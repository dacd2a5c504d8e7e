using System.Globalization;
using AEAnomaly.Detection.Thresholds;

namespace AEAnomaly.Host.Commands.Evaluation;

/// <summary>Says where a threshold comes from, and how sure it is.</summary>
internal static class ThresholdText
{
    public static string Write(Threshold threshold) =>
        string.Create(CultureInfo.InvariantCulture, $"{threshold.Value:G5} ({threshold.Method}, {threshold.HeldOutScores:N0} held-out scores)");

    /// <summary>Warns of a threshold from few scores; null for one from enough.</summary>
    public static string? Uncertainty(Threshold threshold) => threshold.IsUncertain
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"from {threshold.HeldOutScores} held-out scores only: up to {100 * threshold.AlarmRateAtMost:0} % of normal records may be flagged (95 % confidence); more records make it surer")
        : null;
}

using System.Text.Json.Serialization;

namespace AEAnomaly.Host.Demo;

/// <summary>Sums a demo up.</summary>
/// <param name="Produced">Messages produced, damaged ones included.</param>
/// <param name="Scored">Records scored.</param>
/// <param name="DeadLettered">Damaged messages that reached the dead-letter topic.</param>
/// <param name="Alerts">Alerts the broker acknowledged.</param>
/// <param name="AlertsReadBack">Distinct alerts read back from the alert topic.</param>
/// <param name="Precision">Share of flagged payments that belong to a fraud scenario, 0 to 1.</param>
/// <param name="Recall">Share of the scenarios' payments that were flagged, 0 to 1.</param>
/// <param name="RecordsPerSecond">Records scored a second while the model scored.</param>
/// <param name="LatencyP50Ms">Median time from producing a payment to reading its alert, milliseconds.</param>
/// <param name="LatencyP99Ms">99th percentile of the same.</param>
/// <param name="ModelVersion">Version that scored.</param>
/// <param name="Scenarios">What was found of each scenario.</param>
internal sealed record DemoSummary(
    long Produced,
    long Scored,
    long DeadLettered,
    long Alerts,
    long AlertsReadBack,
    double Precision,
    double Recall,
    double RecordsPerSecond,
    double LatencyP50Ms,
    double LatencyP99Ms,
    string ModelVersion,
    IReadOnlyList<ScenarioOutcome> Scenarios)
{
    /// <summary>Gets whether nothing was lost: every message scored or dead-lettered, every alert read back.</summary>
    [JsonIgnore]
    public bool Complete => Scored + DeadLettered >= Produced && Alerts == AlertsReadBack;
}

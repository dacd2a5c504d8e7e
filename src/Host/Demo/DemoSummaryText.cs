using System.Text.Json;

namespace AEAnomaly.Host.Demo;

/// <summary>Writes a demo's summary for people and for programs.</summary>
internal static class DemoSummaryText
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes one JSON object on one line.</summary>
    public static string Json(DemoSummary summary) => JsonSerializer.Serialize(summary, Options);

    /// <summary>Writes a few lines for people.</summary>
    public static string Write(DemoSummary s)
    {
        var scenarios = string.Join(Environment.NewLine, s.Scenarios.Select(x => $"    {x.Scenario,-18} {x.Flagged,6:N0} of {x.Payments:N0} payments flagged"));
        var verdict = s.Complete
            ? "Every record was scored or dead-lettered, every alert was read back."
            : $"INCOMPLETE: {s.Produced - s.Scored - s.DeadLettered:N0} messages not accounted for, {s.Alerts - s.AlertsReadBack:N0} alerts not read back.";
        return $"""

              records      {s.Produced:N0} produced, {s.Scored:N0} scored, {s.DeadLettered:N0} dead-lettered; {s.RecordsPerSecond:N0} scored a second
              alerts       {s.Alerts:N0} published, {s.AlertsReadBack:N0} read back
              precision    {100 * s.Precision:F1} %   recall {100 * s.Recall:F1} %
            {scenarios}
              latency      p50 {s.LatencyP50Ms:F0} ms, p99 {s.LatencyP99Ms:F0} ms from produce to alert
              model        {s.ModelVersion}

            {verdict}
            """;
    }
}

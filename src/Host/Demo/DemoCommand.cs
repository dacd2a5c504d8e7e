using System.Text.Json;

namespace AEAnomaly.Host.Demo;

/// <summary>Runs the demo for the command line and prints its summary.</summary>
internal static class DemoCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Runs the demo.</summary>
    /// <returns>0 when every message was scored or dead-lettered and every alert was read back, otherwise 1.</returns>
    public static async Task<int> RunAsync(DemoOptions options, TextWriter output, CancellationToken interrupt)
    {
        DemoSummary summary;
        try
        {
            using IDemoView view = Console.IsOutputRedirected || options.Json ? new LineView(options.Json ? Console.Error : output) : new TerminalView(output, () => Console.WindowWidth);
            summary = await new DemoRun(options, view, TimeProvider.System).RunAsync(interrupt).ConfigureAwait(false);
        }
        catch (DemoFailedException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return 1;
        }

        await output.WriteLineAsync(options.Json ? JsonSerializer.Serialize(summary, Json) : Describe(summary)).ConfigureAwait(false);
        return summary.Complete ? 0 : 1;
    }

    private static string Describe(DemoSummary s)
    {
        var scenarios = string.Join(Environment.NewLine, s.Scenarios.Select(x => $"    {x.Scenario,-18} {x.Flagged,6:N0} of {x.Payments:N0} payments flagged"));
        var verdict = s.Complete
            ? "Every record was scored or dead-lettered, every alert was read back."
            : $"INCOMPLETE: {s.Produced - s.Scored - s.DeadLettered:N0} messages not accounted for, {s.Alerts - s.AlertsReadBack:N0} alerts not read back.";
        return $"""

              records      {s.Produced:N0} produced, {s.Scored:N0} scored, {s.DeadLettered:N0} dead-lettered; {s.RecordsPerSecond:N0} scored a second
              alerts       {s.Alerts:N0} published, {s.AlertsReadBack:N0} read back
              precision    {s.Precision:P1}   recall {s.Recall:P1}
            {scenarios}
              latency      p50 {s.LatencyP50Ms:F0} ms, p99 {s.LatencyP99Ms:F0} ms from produce to alert
              model        {s.ModelVersion}

            {verdict}
            """;
    }
}

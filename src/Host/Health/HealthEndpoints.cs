using System.Text.Json;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Host.Workers;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Health;

/// <summary>Serves liveness (the loops move) and readiness (partitions assigned, a model loaded, alerts going out), with state, reason and remaining time in the body.</summary>
internal static class HealthEndpoints
{
    // A loop that has not turned for this long is stuck: its longest wait inside is far below.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(60);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static void Map(IEndpointRouteBuilder routes, DaemonState daemon)
    {
        routes.MapGet("/health/live", () => Respond(daemon, IsLive, "alive", "stuck"));
        routes.MapGet("/health/ready", () => Respond(daemon, IsReady, "ready", "not_ready"));
    }

    /// <summary>Describes one detector for the health and admin bodies.</summary>
    public static DetectorHealth Describe(DetectorRuntime runtime)
    {
        var detector = runtime.Detector.Status;
        var reading = runtime.Consumers.Select(consumer => consumer.Status).ToArray();
        return new DetectorHealth(
            runtime.Name,
            StateOf(runtime, detector.State),
            runtime.Failure is { } failure ? $"it ended: {failure} Start the process anew once that is corrected" : detector.Reason,
            detector.Progress,
            detector.Remaining?.TotalSeconds,
            detector.ModelVersion,
            detector.TrainedOn,
            detector.Retraining,
            runtime.Consumer.Status.AssignedPartitions,
            reading.All(status => status.BrokerReachable),
            reading.All(status => status.CanPublish),
            runtime.Lag,
            runtime.Consumers.Max(consumer => consumer.SinceLoop).TotalSeconds,
            reading.Select(status => status.LastError).FirstOrDefault(error => error is not null) ?? runtime.Detector.Notice);
    }

    private static string StateOf(DetectorRuntime runtime, DetectorState state) =>
        HasFailed(runtime) ? "failed" : runtime.IsHalted ? "halted" : JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    private static IResult Respond(DaemonState daemon, Func<DetectorRuntime, bool> holds, string yes, string no)
    {
        var good = daemon.Detectors.All(holds);
        var body = new HealthBody(good ? yes : no, [.. daemon.Detectors.Select(Describe)]);
        return Results.Json(body, Json, statusCode: good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static bool IsLive(DetectorRuntime runtime) => runtime.Consumers.All(consumer => consumer.SinceLoop < StuckAfter) || HasFailed(runtime);

    // It says so by not being ready; a restart of the process would only interrupt the others.
    private static bool HasFailed(DetectorRuntime runtime) => runtime.Failure is not null || runtime.Consumers.Any(consumer => consumer.Status.State == ConsumerState.Failed);

    private static bool IsReady(DetectorRuntime runtime) =>
        !HasFailed(runtime) && !runtime.IsHalted && runtime.Detector.Status.State == DetectorState.Scoring && runtime.Consumer.Status.AssignedPartitions > 0
        && runtime.Consumers.All(consumer => consumer.Status is { BrokerReachable: true, CanPublish: true });
}

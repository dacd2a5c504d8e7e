using System.Text.Json;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Host.Workers;

namespace AEAnomaly.Host.Health;

/// <summary>Serves liveness (the loops move) and readiness (partitions assigned, a model loaded), with state, reason and remaining time in the body.</summary>
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
        var consumer = runtime.Consumer.Status;
        return new DetectorHealth(
            runtime.Name,
            JsonNamingPolicy.SnakeCaseLower.ConvertName(detector.State.ToString()),
            detector.Reason,
            detector.Progress,
            detector.Remaining?.TotalSeconds,
            detector.ModelVersion,
            detector.TrainedOn,
            detector.Retraining,
            consumer.AssignedPartitions,
            consumer.BrokerReachable,
            consumer.Lag,
            runtime.Consumer.SinceLoop.TotalSeconds,
            consumer.LastError);
    }

    private static IResult Respond(DaemonState daemon, Func<DetectorRuntime, bool> holds, string yes, string no)
    {
        var good = daemon.Detectors.All(holds);
        var body = new HealthBody(good ? yes : no, [.. daemon.Detectors.Select(Describe)]);
        return Results.Json(body, Json, statusCode: good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static bool IsLive(DetectorRuntime runtime) => runtime.Consumer.SinceLoop < StuckAfter;

    private static bool IsReady(DetectorRuntime runtime) =>
        runtime.Detector.Status.State == DetectorState.Scoring && runtime.Consumer.Status is { AssignedPartitions: > 0, BrokerReachable: true };
}

using System.Text.Json;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.Health;
using AEAnomaly.Host.Workers;

namespace AEAnomaly.Host.Admin;

/// <summary>Serves what operators ask a running daemon for: state, versions, retraining, rollback, going on after too many dead letters.</summary>
/// <remarks><see cref="AdminAccess"/> says who may.</remarks>
internal static class AdminEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static void Map(IEndpointRouteBuilder routes, DaemonState daemon, IModelStore store, AdminAccess access)
    {
        var api = routes.MapGroup("/api/detectors");
        api.AddEndpointFilter(async (context, next) =>
            access.Refuse(context.HttpContext) is { } refusal ? Problem(refusal.Status, refusal.Message) : await next(context).ConfigureAwait(false));

        api.MapGet("", () => Results.Json(daemon.Detectors.Select(HealthEndpoints.Describe), Json));
        api.MapGet("{name}", (string name) => On(daemon, name, d => Results.Json(HealthEndpoints.Describe(d), Json)));
        api.MapGet("{name}/models", (string name) => On(daemon, name, d => Results.Json(store.List(d.Name), Json)));
        api.MapPost("{name}/retrain", (string name) => On(daemon, name, Retrain));
        api.MapPost("{name}/resume", (string name) => On(daemon, name, Resume));
        api.MapPost("{name}/rollback", (string name, string? version) => On(daemon, name, d => Rollback(d, version)));
    }

    private static IResult On(DaemonState daemon, string name, Func<DetectorRuntime, IResult> act) =>
        daemon.Find(name) is { } runtime
            ? act(runtime)
            : Problem(StatusCodes.Status404NotFound, $"There is no detector '{name}'; there is {string.Join(", ", daemon.Detectors.Select(d => d.Name))}.");

    private static IResult Retrain(DetectorRuntime runtime) =>
        runtime.Detector.RequestRetraining("request")
            ? Results.Json(new AdminAnswer($"Retraining of '{runtime.Name}' was asked for; it scores on meanwhile.", null), Json, statusCode: StatusCodes.Status202Accepted)
            : Problem(StatusCodes.Status409Conflict, $"A training of '{runtime.Name}' is already waiting or running.");

    private static IResult Resume(DetectorRuntime runtime) =>
        runtime.Resume()
            ? Results.Json(new AdminAnswer($"'{runtime.Name}' goes on reading; dead letters are counted anew.", null), Json, statusCode: StatusCodes.Status202Accepted)
            : Problem(StatusCodes.Status409Conflict, $"'{runtime.Name}' has not stopped because of dead letters; there is nothing to resume.");

    private static IResult Rollback(DetectorRuntime runtime, string? version)
    {
        try
        {
            var current = runtime.Detector.Rollback(version);
            return Results.Json(new AdminAnswer($"'{runtime.Name}' scores with version {current} now.", current), Json);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or Models.Persistence.ModelFileException or SpecMismatchException or IOException)
        {
            return Problem(StatusCodes.Status409Conflict, exception.Message);
        }
    }

    private static IResult Problem(int status, string message) => Results.Json(new AdminAnswer(message, null), Json, statusCode: status);
}

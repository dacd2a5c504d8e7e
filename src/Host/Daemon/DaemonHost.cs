using System.Diagnostics.Metrics;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Replicas;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Host.Admin;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Exposition;
using AEAnomaly.Host.Health;
using AEAnomaly.Host.Page;
using AEAnomaly.Host.Terminal;
using AEAnomaly.Host.Training;
using AEAnomaly.Host.Workers;
using AEAnomaly.Ingest.Formats;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Daemon;

/// <summary>Composes the daemon: detectors, their consumers, health, metrics and the admin API in one web host.</summary>
internal sealed partial class DaemonHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly WorkerOutcome _outcome;
    private readonly OtlpExport? _export;

    private DaemonHost(WebApplication application, DaemonState state, MetricCollector metrics, WorkerOutcome outcome, OtlpExport? export)
    {
        _export = export;
        _application = application;
        _outcome = outcome;
        State = state;
        Metrics = metrics;
    }

    /// <summary>Gets the detectors.</summary>
    public DaemonState State { get; }

    /// <summary>Gets what /metrics serves.</summary>
    public MetricCollector Metrics { get; }

    /// <summary>Gets the addresses the web host listens on, once started.</summary>
    public IEnumerable<string> Addresses => _application.Urls;

    /// <summary>Gets why a worker failed, or null.</summary>
    public string? Failure => _outcome.Failure;

    /// <summary>Gets a token that is cancelled when the daemon begins to stop, also by itself.</summary>
    public CancellationToken Stopping => _application.Lifetime.ApplicationStopping;

    /// <summary>Composes a daemon; starts nothing yet.</summary>
    /// <param name="options">Validated configuration.</param>
    /// <param name="console">Whether logs go to standard error as JSON lines, as text, or nowhere.</param>
    public static DaemonHost Create(AEAnomalyOptions options, LogOutput console)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        console.Configure(builder.Logging);
        builder.WebHost.UseUrls(options.Http.Listen);
        // The consumer finishes its batch and commits within its own bound; the host waits a little longer than that.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Kafka.ShutdownTimeout + TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton<IHostLifetime, ProgramLifetime>();
        builder.Services.AddMetrics();

        var outcome = new WorkerOutcome(options.Detectors.Count);
        var store = new DirectoryModelStore(options.Models.Directory, options.Models.Keep);
        DaemonState? state = null;
        builder.Services.AddSingleton(outcome);
        foreach (var (detector, index) in options.Detectors.Select((d, i) => (d, i)))
        {
            builder.Services.AddSingleton<IHostedService>(services => new DetectorWorker(
                state!.Detectors[index],
                outcome,
                services.GetRequiredService<IHostApplicationLifetime>(),
                services.GetRequiredService<ILogger<DetectorWorker>>()));
        }

        PageFeed? page = null;
        if (options.Http.Page)
            builder.Services.AddSingleton<IHostedService>(_ => page!);

        builder.Services.AddSingleton<IHostedService>(services => new SharedModelsCheck(
            [.. state!.Detectors.Select(ReplicaView.Of)], options.Models.Directory, TimeProvider.System, services.GetRequiredService<ILogger<SharedModelsCheck>>()));

        SecretWatch? secrets = null;
        builder.Services.AddSingleton<IHostedService>(_ => secrets!);

        var application = builder.Build();
        var meters = application.Services.GetRequiredService<IMeterFactory>();
        var collector = new MetricCollector(meters);
        var logs = application.Services.GetRequiredService<ILoggerFactory>();
        var detectionMetrics = new DetectionMetrics(meters);
        var ingestMetrics = new IngestMetrics(meters);
        var shelf = options.Http.Page ? new AlertShelf() : null;
        state = new DaemonState([.. options.Detectors.Select(d => CreateDetector(d, options, store, detectionMetrics, ingestMetrics, logs, shelf))]);

        var access = new AdminAccess(options.Http.AdminToken);
        secrets = new SecretWatch(options, state.Renew, access.Replace, new HostMetrics(meters), TimeProvider.System, logs.CreateLogger<SecretWatch>());
        HealthEndpoints.Map(application, state);
        MetricsEndpoint.Map(application, collector);
        AdminEndpoints.Map(application, state, store, access);
        if (shelf is not null)
        {
            page = new PageFeed(state, collector, shelf, TimeProvider.System, logs.CreateLogger<PageFeed>());
            PageEndpoints.Map(application, state, store, page, access, application.Lifetime.ApplicationStopping);
        }

        return new DaemonHost(application, state, collector, outcome, OtlpExport.Start(options.Otlp));
    }

    /// <summary>Runs a daemon until it is told to stop or a worker fails.</summary>
    /// <param name="options">Validated configuration.</param>
    /// <param name="error">Receives the reason of a failure.</param>
    /// <param name="cancellationToken">Ends the daemon in an orderly way.</param>
    /// <returns>Exit code: 0 after a wished end, 1 after a failure.</returns>
    public static async Task<int> RunAsync(AEAnomalyOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        await using var daemon = Create(options, LogOutput.Json);
        await using var told = cancellationToken.Register(() => Log.ToldToEnd(daemon._application.Logger, options.Kafka.ShutdownTimeout.TotalSeconds));
        try
        {
            await daemon.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to end before it had begun.
            return ExitCodes.Fine;
        }

        await daemon._application.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        // Who was told to end, ends well, also where one of several detectors had failed before.
        if (cancellationToken.IsCancellationRequested || daemon.Failure is not { } failure)
            return ExitCodes.Fine;

        await error.WriteLineAsync(failure).ConfigureAwait(false);
        return ExitCodes.Failed;
    }

    /// <summary>Starts the workers and the web host.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _application.StartAsync(cancellationToken);

    /// <summary>Finishes the batches, commits, leaves the groups.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync().ConfigureAwait(false);
        foreach (var runtime in State.Detectors)
            await runtime.Detector.DisposeAsync().ConfigureAwait(false);
        // Sends what is left.
        _export?.Dispose();
        Metrics.Dispose();
    }

    private static DetectorRuntime CreateDetector(
        DetectorOptions options,
        AEAnomalyOptions all,
        IModelStore store,
        DetectionMetrics detectionMetrics,
        IngestMetrics ingestMetrics,
        ILoggerFactory logs,
        AlertShelf? shelf)
    {
        var spec = options.ToSpec();
        var route = new DetectorRoute(
            options.Name, [.. options.Topics], options.AlertTopicName, options.DeadLetterTopicName, $"{all.Kafka.GroupId}.{options.Name}", options.ScoresTopic, options.Delivery == DeliveryGuarantee.ExactlyOnce,
            new DeadLetterLimit(options.DeadLetterLimit.Share, options.DeadLetterLimit.Window));
        DetectorConsumer? copier = null;
        if (options.History?.Repartition is { } copies)
        {
            (var toCopies, route) = route.Repartition(copies, spec.History!.Key);
            copier = Consumer(toCopies, new Repartitioner(spec));
        }

        var history = new KafkaRecordHistory(all.Kafka, route, Decoder(), TimeProvider.System, logs.CreateLogger<KafkaRecordHistory>());
        var fitterLog = logs.CreateLogger<DeviceFitter>();
        var fitter = new DeviceFitter(options.Training.Device, options.Training.Fallback, ChildProgram.BesideScoring, reason =>
        {
            Log.TrainingFellBack(fitterLog, options.Name, reason);
            detectionMetrics.TrainingFellBack(options.Name);
        });
        var replicas = new ReplicaFolder(Path.Combine(all.Models.Directory, ".replicas", options.Name), all.Kafka.InstanceId ?? Environment.MachineName, TimeProvider.System);
        var detector = new Detector(options, store, history, detectionMetrics, TimeProvider.System, logs.CreateLogger<Detector>(), fitter, HistoryFolderOf(options, all), replicas);
        IRecordProcessor processor = shelf is null ? detector : new AlertTap(detector, options.Name, shelf);
        return new DetectorRuntime(detector, Consumer(route, processor), history, copier);

        // Each owns one: a decoder belongs to one thread.
        JsonRecordDecoder Decoder() => new(spec, new JsonDecoderOptions());

        DetectorConsumer Consumer(DetectorRoute way, IRecordProcessor receiver) =>
            new(all.Kafka, way, Decoder(), receiver, ingestMetrics, TimeProvider.System, logs.CreateLogger<DetectorConsumer>());
    }

    // A dot before the name, as for what replicas tell one another: what begins so is no detector's folder.
    private static string HistoryFolderOf(DetectorOptions detector, AEAnomalyOptions all) =>
        Path.Combine(detector.History?.Directory ?? Path.Combine(all.Models.Directory, ".history"), detector.Name);

    private static partial class Log
    {
        [LoggerMessage(4003, LogLevel.Information, "Told to end: batches are finished and committed within {BoundSeconds} s; a second signal ends the process at once")]
        public static partial void ToldToEnd(ILogger logger, double boundSeconds);

        [LoggerMessage(4002, LogLevel.Warning, "Detector {Detector} trains with the native engine instead of the device asked for: {Reason}")]
        public static partial void TrainingFellBack(ILogger logger, string detector, string reason);
    }
}

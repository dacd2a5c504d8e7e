namespace AEAnomaly.Host.Workers;

/// <summary>Runs one detector and its consumer; a failure of either stops the host with exit code 1.</summary>
internal sealed partial class DetectorWorker(
    DetectorRuntime runtime,
    WorkerOutcome outcome,
    IHostApplicationLifetime lifetime,
    ILogger<DetectorWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Each ends the other: a consumer without its detector would hold its partitions for nothing.
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            var detector = runtime.Detector.RunAsync(both.Token);
            var consumer = runtime.Consumer.RunAsync(both.Token);
            await Task.WhenAny(detector, consumer).ConfigureAwait(false);
            await both.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(detector, consumer).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Log.Stopped(logger, runtime.Name);
            return;
        }
        catch (Exception exception)
        {
            // The worker's outermost frame: the process ends with the reason instead of going on without a detector.
            Log.Failed(logger, runtime.Name, exception);
            outcome.Fail(runtime.Name, exception);
            lifetime.StopApplication();
            return;
        }

        Log.Stopped(logger, runtime.Name);
        if (!stoppingToken.IsCancellationRequested)
        {
            outcome.Fail(runtime.Name, new InvalidOperationException("The detector ended on its own."));
            lifetime.StopApplication();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4000, LogLevel.Information, "Detector {Detector} stopped")]
        public static partial void Stopped(ILogger logger, string detector);

        [LoggerMessage(4001, LogLevel.Critical, "Detector {Detector} failed; the process stops, nothing beyond the last commit is lost")]
        public static partial void Failed(ILogger logger, string detector, Exception exception);
    }
}

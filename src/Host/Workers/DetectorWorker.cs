namespace AEAnomaly.Host.Workers;

/// <summary>Runs one detector and its consumer; a failure of either ends both, and that of the last detector stops the host with exit code 1.</summary>
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
            Task[] parts = [detector, .. runtime.Consumers.Select(consumer => consumer.RunAsync(both.Token))];
            await Task.WhenAny(parts).ConfigureAwait(false);
            await both.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(parts).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Log.Stopped(logger, runtime.Name);
            return;
        }
        catch (Exception exception)
        {
            // The worker's outermost frame: the other detectors go on; health says that this one does not.
            Fail(exception);
            return;
        }

        Log.Stopped(logger, runtime.Name);
        if (!stoppingToken.IsCancellationRequested)
            Fail(new InvalidOperationException("The detector ended on its own."));
    }

    private void Fail(Exception exception)
    {
        Log.Failed(logger, runtime.Name, exception);
        runtime.Failure = exception.Message;
        if (outcome.Fail(runtime.Name, exception))
            lifetime.StopApplication();
    }

    private static partial class Log
    {
        [LoggerMessage(4000, LogLevel.Information, "Detector {Detector} stopped")]
        public static partial void Stopped(ILogger logger, string detector);

        [LoggerMessage(4001, LogLevel.Critical, "Detector {Detector} failed and is not started again before the process is; nothing beyond its last commit is lost")]
        public static partial void Failed(ILogger logger, string detector, Exception exception);
    }
}

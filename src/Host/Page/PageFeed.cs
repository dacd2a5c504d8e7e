using System.Text.Json;
using AEAnomaly.Host.Exposition;
using AEAnomaly.Host.Workers;

namespace AEAnomaly.Host.Page;

/// <summary>Composes what viewers are told, once a second for all of them, and nothing while there is none.</summary>
/// <remarks>A viewer takes the newest frame when it is done with the one before: a slow one misses some, and none waits for it.</remarks>
internal sealed partial class PageFeed : BackgroundService
{
    /// <summary>Viewers at a time.</summary>
    public const int MostViewers = 16;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly int TicksOfTrail = (int)(FigureTrail.Every / Every);

    private readonly DaemonState _daemon;
    private readonly MetricCollector _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<PageFeed> _logger;
    private volatile PageFrame _current = new(0, default);
    private volatile TaskCompletionSource _next = New();
    private int _viewers;

    /// <param name="daemon">Detectors.</param>
    /// <param name="metrics">What is measured anyway.</param>
    /// <param name="alerts">Alerts that were raised last.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Receives logs.</param>
    public PageFeed(DaemonState daemon, MetricCollector metrics, AlertShelf alerts, TimeProvider time, ILogger<PageFeed> logger)
    {
        (_daemon, _metrics, Alerts, _time, _logger) = (daemon, metrics, alerts, time, logger);
        Trail = new FigureTrail(daemon, metrics);
    }

    /// <summary>Gets the alerts that were raised last.</summary>
    public AlertShelf Alerts { get; }

    /// <summary>Gets the figures of the last hour.</summary>
    public FigureTrail Trail { get; }

    /// <summary>Takes a place among the viewers.</summary>
    /// <returns>False when all are taken.</returns>
    public bool TryJoin()
    {
        if (Interlocked.Increment(ref _viewers) <= MostViewers)
            return true;
        Leave();
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _viewers);

    /// <summary>Composes a frame now, for a viewer that has just come.</summary>
    public async Task<PageFrame> ComposeAsync(CancellationToken cancellationToken)
    {
        var ratios = await HistogramBuckets.ReadAsync(_metrics.Registry, PageFigures.RatioFamily, cancellationToken).ConfigureAwait(false);
        var data = JsonSerializer.SerializeToUtf8Bytes(
            new { Time = _time.GetUtcNow(), RatioBounds = ratios.Bounds(), Detectors = _daemon.Detectors.Select(detector => PageFigures.Of(detector, _metrics, ratios)) }, PageJson.Options);
        return new PageFrame(_current.Number, data);
    }

    /// <summary>Waits for a frame that is newer than one.</summary>
    public async Task<PageFrame> NextAsync(long number, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before the look at the current frame: one that comes in between is not waited for.
            var next = _next.Task;
            if (_current.Number > number)
                return _current;
            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, _time);
        for (var tick = 0; await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false); tick++)
        {
            try
            {
                await TickAsync(tick, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Nothing that is only shown may end the process.
                Log.FrameFailed(_logger, exception);
            }
        }
    }

    private async Task TickAsync(int tick, CancellationToken cancellationToken)
    {
        if (tick % TicksOfTrail == 0)
            Trail.Sample(_time.GetUtcNow());
        if (Volatile.Read(ref _viewers) == 0)
            return;

        var frame = await ComposeAsync(cancellationToken).ConfigureAwait(false);
        _current = frame with { Number = frame.Number + 1 };
        Interlocked.Exchange(ref _next, New()).SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(4010, LogLevel.Warning, "The figures of the page could not be put together; they are tried again in a second")]
        public static partial void FrameFailed(ILogger logger, Exception exception);
    }
}

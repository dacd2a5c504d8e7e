using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Daemon;
using AEAnomaly.Ingest.Embedded;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Demo;

/// <summary>Runs the real daemon on a generated payment stream and holds what comes out against what went in.</summary>
internal sealed class DemoRun(DemoOptions options, IDemoView view, TimeProvider time)
{
    private const int Partitions = 8;
    private const int UsualPort = 9464;
    private static readonly TimeSpan FrameEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DrainBound = TimeSpan.FromSeconds(30);

    private readonly DemoLedger _ledger = new();

    /// <summary>Runs to the end.</summary>
    /// <param name="interrupt">Ends the stream early; the summary still comes.</param>
    /// <exception cref="CommandFailedException">The daemon failed; the message says why.</exception>
    public async Task<DemoSummary> RunAsync(CancellationToken interrupt)
    {
        using var shown = view;
        using var cluster = options.Bootstrap is null ? EmbeddedCluster.Start() : null;
        var bootstrap = options.Bootstrap ?? cluster!.BootstrapServers;
        // On a shared Kafka every demo has topics of its own.
        var prefix = cluster is null ? $"aeanomaly-demo-{time.GetUtcNow().ToUnixTimeSeconds()}" : "demo";
        var topic = prefix + ".payments";
        await CreateTopicsAsync(cluster, bootstrap, [topic, prefix + ".alerts", prefix + ".dead-letters"], interrupt).ConfigureAwait(false);

        var models = CreateModelFolder();
        try
        {
            var configuration = DemoConfiguration.Create(bootstrap, prefix, models.FullName, $"http://127.0.0.1:{UsualPortOrAny()}", options.Seed, cluster is not null);
            await using var daemon = DaemonHost.Create(configuration, LogOutput.Warnings(view.Note));
            return await RunAsync(daemon, bootstrap, topic, prefix + ".alerts", interrupt).ConfigureAwait(false);
        }
        finally
        {
            models.Delete(recursive: true);
        }
    }

    private static DirectoryInfo CreateModelFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("aeanomaly-demo-");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // What the system says names the folder at times, and at times nothing at all.
            throw new CommandFailedException(
                $"{Path.GetTempPath()}: the demo keeps its models below this folder, and none can be made there ({problem.Message.TrimEnd('.')}). Set TMPDIR to a folder that can be written.", problem);
        }
    }

    private static async Task CreateTopicsAsync(EmbeddedCluster? cluster, string bootstrap, string[] topics, CancellationToken cancellationToken)
    {
        if (cluster is null)
        {
            await TopicAdministration.CreateAsync(bootstrap, topics, Partitions, cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var topic in topics)
            cluster.CreateTopic(topic, Partitions);
    }

    /// <summary>Gives the usual port, or 0 (any free one) when something on this machine has it.</summary>
    private static int UsualPortOrAny()
    {
        using var listener = new TcpListener(IPAddress.Loopback, UsualPort);
        try
        {
            listener.Start();
            return UsualPort;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return 0;
        }
    }

    private async Task<DemoSummary> RunAsync(DaemonHost daemon, string bootstrap, string topic, string alertTopic, CancellationToken interrupt)
    {
        var detector = daemon.State.Detectors[0].Detector;
        var progress = new DemoProgress(daemon.Metrics, () => detector.Status.State == DetectorState.Scoring);
        await daemon.StartAsync(interrupt).ConfigureAwait(false);
        var address = daemon.Addresses.First() + "/";

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(interrupt, daemon.Stopping);
        using var tailEnd = new CancellationTokenSource();
        using var producer = new TopicProducer(new KafkaOptions { BootstrapServers = bootstrap });
        var clock = Stopwatch.StartNew();
        view.Note($"Streaming payments into {topic} on {bootstrap}; look at it in a browser: {address} (metrics: {address}metrics)");
        var producing = new PaymentProducer(options, topic, producer, _ledger, progress).RunAsync(ended.Token);
        var tail = TopicTail.RunAsync(bootstrap, alertTopic, NoteAlert, tailEnd.Token);

        var rate = await WatchAsync(daemon, detector, progress, clock, address, ended.Token).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await Finished(producing).ConfigureAwait(false);
        if (daemon.Failure is { } failure)
            throw new CommandFailedException(failure);

        view.Note("The stream has ended; waiting for the last records and alerts.");
        producer.Flush(DrainBound, interrupt);
        await UntilAsync(() => progress.Handled, () => _ledger.Produced, () => detector.Status.State == DetectorState.Training).ConfigureAwait(false);
        var version = detector.Status.ModelVersion ?? "";
        await daemon.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await UntilAsync(() => _ledger.AlertsReadBack, () => progress.AlertsPublished, () => false).ConfigureAwait(false);
        await tailEnd.CancelAsync().ConfigureAwait(false);
        await Finished(tail).ConfigureAwait(false);

        var (precision, recall, p50, p99, scenarios) = _ledger.Measure();
        return new DemoSummary(
            _ledger.Produced, progress.Scored, progress.DeadLettered, progress.AlertsPublished, _ledger.AlertsReadBack,
            precision, recall, rate, p50, p99, version, scenarios);
    }

    /// <summary>Shows frames until the time is over; gives the records scored a second since the first model scored.</summary>
    private async Task<double> WatchAsync(
        DaemonHost daemon, Detector detector, DemoProgress progress, Stopwatch clock, string address, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(FrameEvery);
        TimeSpan? scoringFrom = null;
        long scoredBefore = 0;
        var (lastScored, lastAt) = (0L, TimeSpan.Zero);
        double recent = 0;
        while ((options.Keep || clock.Elapsed < options.Duration) && !ended.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false);
            var (now, scored, status) = (clock.Elapsed, progress.Scored, detector.Status);
            if (scoringFrom is null && status.State == DetectorState.Scoring)
            {
                (scoringFrom, scoredBefore) = (now, scored);
                _ledger.NoteScoring();
            }

            if (now - lastAt >= TimeSpan.FromSeconds(1))
            {
                recent = (scored - lastScored) / (now - lastAt).TotalSeconds;
                (lastScored, lastAt) = (scored, now);
            }

            view.Show(new DemoFrame(
                now, options.Keep ? null : options.Duration, JsonNamingPolicy.SnakeCaseLower.ConvertName(status.State.ToString()), status.Reason, status.Progress,
                _ledger.Produced, scored, recent, _ledger.AlertsReadBack, progress.DeadLettered, address));
        }

        return scoringFrom is { } from && clock.Elapsed > from ? (progress.Scored - scoredBefore) / (clock.Elapsed - from).TotalSeconds : 0;
    }

    private void NoteAlert(TailedMessage message)
    {
        using var body = JsonDocument.Parse(message.Value);
        var root = body.RootElement;
        var isClose = root.GetProperty("action").GetString() == "close";
        long? sequence = isClose ? null : long.Parse(
            root.GetProperty("evidence").GetProperty("fields").GetProperty("transaction_id").GetString()!.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture);
        if (!_ledger.NoteAlert(root.GetProperty("id").GetString()!, sequence) || isClose)
            return;

        view.Alert(new DemoAlert(
            root.GetProperty("entity").GetProperty("value").GetString() ?? "",
            root.GetProperty("ratio").GetDouble(),
            root.GetProperty("severity").GetString() ?? "",
            root.GetProperty("sentence").GetString() ?? ""));
    }

    private static async Task Finished(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The wished end.
        }
    }

    // Not longer than the bound without a sign of work: on a busy machine the first training alone may take that long.
    private static async Task UntilAsync(Func<long> done, Func<long> wanted, Func<bool> isTraining)
    {
        var (sinceWork, before) = (Stopwatch.StartNew(), done());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (done() is var now && now < wanted() && sinceWork.Elapsed < DrainBound)
        {
            if (now != before || isTraining())
                sinceWork.Restart();
            before = now;
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }
}

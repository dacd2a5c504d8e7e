using System.Diagnostics.Metrics;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Ingest.Formats;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.Models.Variants.Plain;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Composes the product's own parts as its host does: model store, history, detector, consumer, metrics.</summary>
internal sealed class BenchDetector : IMeterFactory, IAsyncDisposable
{
    /// <summary>The detector whose share of alerts is the default one.</summary>
    public const string Name = "transactions";

    /// <summary>The same detector with a threshold that next to no record exceeds, to tell the cost of alerts from the rest.</summary>
    public const string QuietName = "transactions-quiet";

    /// <summary>A detector with a category; the same fields as the next one, to tell what a history costs.</summary>
    public const string CategoryName = "transactions-category";

    /// <summary>The same with what accounts did before.</summary>
    public const string HistoryName = "transactions-history";

    private static readonly TimeSpan ReadyBound = TimeSpan.FromMinutes(3);

    private readonly List<Meter> _meters = [];

    /// <summary>Composes a detector; starts nothing.</summary>
    /// <param name="name">One of the names above.</param>
    /// <param name="modelFolder">Folder of the versions.</param>
    /// <param name="bootstrapServers">Address of the cluster.</param>
    /// <param name="topic">Input topic; its alerts go to the topic that <see cref="ClusterHost.AlertsOf"/> names.</param>
    /// <param name="isExactlyOnce">Whether output and offsets become one transaction.</param>
    /// <param name="commitInterval">Longest time between commits, or null for the default.</param>
    public BenchDetector(
        string name, string modelFolder, string bootstrapServers, string topic = ClusterHost.Topic, bool isExactlyOnce = false, TimeSpan? commitInterval = null)
    {
        var fields = TransactionStream.Fields(hasCategory: name is CategoryName or HistoryName);
        Options = new DetectorOptions
        {
            Name = name,
            Topics = [topic],
            Fields = fields,
            Model = new AutoencoderOptions { Hidden = [64, 32], Latent = 16 },
            History = name != HistoryName ? null : new HistoryOptions
            {
                Remember =
                [
                    new HistoryItem { Count = true },
                    new HistoryItem { Sum = "amount" },
                    new HistoryItem { Usual = "amount" },
                    new HistoryItem { Share = "merchant_category" },
                    new HistoryItem { FirstSeen = "merchant_category" },
                    new HistoryItem { Gap = true },
                ],
            },
        };
        Options.Training.MaxRecords = 50_000;
        Options.Training.Window = null;
        Options.Threshold.Quantile = name == QuietName ? 0.999999 : 0.995;
        Kafka = new KafkaOptions { BootstrapServers = bootstrapServers };
        Kafka.CommitInterval = commitInterval ?? Kafka.CommitInterval;
        // What the embedded cluster asks of a client; nothing is tuned for speed.
        Kafka.Properties["fetch.wait.max.ms"] = "10";
        Kafka.Properties["session.timeout.ms"] = "6000";
        Kafka.Properties["heartbeat.interval.ms"] = "500";
        Store = new DirectoryModelStore(modelFolder);
        Route = new DetectorRoute(name, [topic], ClusterHost.AlertsOf(topic), ClusterHost.DeadLetterTopic, $"bench.{Guid.NewGuid():N}", IsExactlyOnce: isExactlyOnce);
        var spec = Options.ToSpec();
        var history = new KafkaRecordHistory(
            Kafka, Route, new JsonRecordDecoder(spec, new JsonDecoderOptions()), TimeProvider.System, NullLogger<KafkaRecordHistory>.Instance);
        Detector = new Detector(Options, Store, history, new DetectionMetrics(this), TimeProvider.System, NullLogger<Detector>.Instance,
            historyFolder: Path.Combine(modelFolder, ".history", Route.GroupId));
    }

    public DetectorOptions Options { get; }

    public KafkaOptions Kafka { get; }

    public DetectorRoute Route { get; }

    public DirectoryModelStore Store { get; }

    public Detector Detector { get; }

    /// <summary>Starts the detector and waits until a model scores: the stored one, or one that it trains on the topic.</summary>
    /// <exception cref="InvalidOperationException">The training failed.</exception>
    /// <exception cref="TimeoutException">There is no model in time.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = Detector.RunAsync(cancellationToken);
        var until = TimeProvider.System.GetUtcNow() + ReadyBound;
        while (!Detector.IsReady)
        {
            if (Detector.Status.State == DetectorState.Failed)
                throw new InvalidOperationException(Detector.Status.Reason);
            if (TimeProvider.System.GetUtcNow() > until)
                throw new TimeoutException($"No model after {ReadyBound}: {Detector.Status.Reason}");
            await Task.Delay(20, cancellationToken);
        }
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());

    public async ValueTask DisposeAsync()
    {
        await Detector.DisposeAsync();
        Dispose();
    }
}

using System.Diagnostics.Metrics;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
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

    private static readonly TimeSpan ReadyBound = TimeSpan.FromMinutes(3);

    private readonly List<Meter> _meters = [];

    public BenchDetector(string name, string modelFolder, string bootstrapServers)
    {
        Options = new DetectorOptions
        {
            Name = name,
            Topics = [ClusterHost.Topic],
            Fields = TransactionStream.Fields,
            Model = new AutoencoderOptions { Hidden = [64, 32], Latent = 16 },
        };
        Options.Training.MaxRecords = 50_000;
        Options.Training.Window = null;
        Options.Threshold.Quantile = name == QuietName ? 0.999999 : 0.995;
        Kafka = new KafkaOptions { BootstrapServers = bootstrapServers };
        // What the embedded cluster asks of a client; nothing is tuned for speed.
        Kafka.Properties["fetch.wait.max.ms"] = "10";
        Kafka.Properties["session.timeout.ms"] = "6000";
        Kafka.Properties["heartbeat.interval.ms"] = "500";
        Store = new DirectoryModelStore(modelFolder);
        Route = new DetectorRoute(name, [ClusterHost.Topic], ClusterHost.AlertTopic, ClusterHost.DeadLetterTopic, $"bench.{Guid.NewGuid():N}");
        var spec = new FeatureSpec(Options.Fields);
        var history = new KafkaRecordHistory(
            Kafka, Route, new JsonRecordDecoder(spec, new JsonDecoderOptions()), TimeProvider.System, NullLogger<KafkaRecordHistory>.Instance);
        Detector = new Detector(Options, Store, history, new DetectionMetrics(this), TimeProvider.System, NullLogger<Detector>.Instance);
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

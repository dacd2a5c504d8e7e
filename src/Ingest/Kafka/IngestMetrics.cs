using System.Diagnostics.Metrics;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Measures reading and publishing; instruments are listed in docs/metrics.md. Labels are bounded: detector, reason, kind, topic and partition.</summary>
public sealed class IngestMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "AEAnomaly.Ingest";

    /// <summary>Why a partition is read from another place: its topic was deleted and created anew.</summary>
    internal const string Recreated = "recreated";

    /// <summary>Why a partition is read from another place: a broker lost the end of its log.</summary>
    internal const string Truncated = "truncated";

    /// <summary>What became of a record that was to be read again: it was handed over.</summary>
    internal const string Used = "used";

    /// <summary>What became of a record that was to be read again: it holds nothing to hand over.</summary>
    internal const string Skipped = "skipped";

    /// <summary>What became of a record that was to be read again: the broker had deleted it.</summary>
    internal const string Deleted = "deleted";

    /// <summary>Partitions whose lag one detector shows; beyond it only the sum is exact.</summary>
    internal const int MaxLagSeries = 256;

    private readonly Lock _gate = new();
    private readonly List<DetectorConsumer> _consumers = [];
    private readonly Meter _meter;
    private readonly Counter<long> _records;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _tombstones;
    private readonly Counter<long> _recalled;
    private readonly Counter<long> _deletedUnread;
    private readonly Counter<long> _restarts;
    private readonly Counter<long> _decodeFailures;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _scores;
    private readonly Counter<long> _copies;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _publishFailures;
    private readonly Counter<long> _shortened;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _commitFailures;
    private readonly Counter<long> _rebalances;
    private readonly Counter<long> _processFailures;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _loops;
    private readonly Histogram<double> _publishDuration;
    private readonly Histogram<long> _batchSize;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Creates the meter "AEAnomaly.Ingest".</param>
    public IngestMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var meter = factory.Create(MeterName);
        _meter = meter;
        _records = meter.CreateCounter<long>("aeanomaly.records.consumed", "{record}", "Messages read, bad ones and tombstones included.");
        _bytes = meter.CreateCounter<long>("aeanomaly.consumed", "By", "Bytes of the values read.");
        _tombstones = meter.CreateCounter<long>("aeanomaly.records.tombstones", "{record}", "Messages without a value and change events of a delete, which carry nothing to score and are passed over.");
        _recalled = meter.CreateCounter<long>("aeanomaly.records.recalled", "{record}", "Records before the first new one of a partition, read again to know what came before, by outcome: used, skipped (bad ones and tombstones), deleted (by the broker, before it could be read again).");
        _deletedUnread = meter.CreateCounter<long>("aeanomaly.records.deleted_unread", "{record}", "Records that the broker deleted (retention, delete-records) before they were read.");
        _restarts = meter.CreateCounter<long>("aeanomaly.log.restarts", "{partition}", "Partitions read from another place because their log is another, by reason: recreated, truncated.");
        _decodeFailures = meter.CreateCounter<long>("aeanomaly.decode.failures", "{record}", "Bad records met, by reason.");
        _deadLetters = meter.CreateCounter<long>("aeanomaly.dead_letters", "{record}", "Dead letters acknowledged by the broker, by reason.");
        _alerts = meter.CreateCounter<long>("aeanomaly.alerts.published", "{alert}", "Alerts acknowledged by the broker.");
        _scores = meter.CreateCounter<long>("aeanomaly.scores.published", "{record}", "Scores acknowledged by the broker, where scores_topic is set.");
        _copies = meter.CreateCounter<long>("aeanomaly.records.repartitioned", "{record}", "Records written on under their key, acknowledged by the broker, where history.repartition is set.");
        _repeated = meter.CreateCounter<long>("aeanomaly.records.repeated", "{record}", "Copies of records that came before, passed over, where history.repartition is set.");
        _publishFailures = meter.CreateCounter<long>("aeanomaly.publish.failures", "{message}", "Deliveries that failed and are tried again, by kind.");
        _shortened = meter.CreateCounter<long>("aeanomaly.messages.shortened", "{message}", "Messages acknowledged by the broker that went out shortened because their topic refuses them whole, by kind.");
        _commits = meter.CreateCounter<long>("aeanomaly.commits", "{commit}", "Offset commits acknowledged.");
        _commitFailures = meter.CreateCounter<long>("aeanomaly.commit.failures", "{commit}", "Offset commits refused or not answered; tried again.");
        _rebalances = meter.CreateCounter<long>("aeanomaly.rebalances", "{rebalance}", "Changes of the assignment, by kind: assigned, revoked, lost.");
        _processFailures = meter.CreateCounter<long>("aeanomaly.process.failures", "{batch}", "Times that scoring a batch threw; tried once more, then record by record.");
        _failures = meter.CreateCounter<long>("aeanomaly.consumer.failures", "{failure}", "Errors after which the reading of a detector began anew.");
        _loops = meter.CreateCounter<long>("aeanomaly.loop.iterations", "{iteration}", "Turns of the consume loop.");
        _publishDuration = meter.CreateHistogram("aeanomaly.publish.duration", "s", "Time from handing a message over to its acknowledgement.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });
        _batchSize = meter.CreateHistogram("aeanomaly.batch.size", "{record}", "Records scored together.", null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 2048, 4096, 16384] });
        meter.CreateObservableGauge("aeanomaly.broker.up", () => Observe(c => c.Status.BrokerReachable ? 1 : 0), null, "1 while a broker answers.");
        meter.CreateObservableGauge("aeanomaly.consumer.paused", ObservePaused, null, "1 while partitions are paused, by reason: model, output, dead_letters.");
        meter.CreateObservableGauge("aeanomaly.partitions.assigned", () => Observe(c => c.Status.AssignedPartitions), "{partition}", "Partitions assigned to this process.");
        meter.CreateObservableGauge("aeanomaly.partitions.stopped", () => Observe(c => c.StoppedPartitions), "{partition}", "Assigned partitions of which nothing is read because their offset is in no log and auto.offset.reset is error.");
        meter.CreateObservableGauge("aeanomaly.waiting", ObserveWaiting, "By", "Bytes that wait in memory, by kind: record (read, not processed), alert, dead_letter, score, copy (not acknowledged).");
        meter.CreateObservableGauge("aeanomaly.lag", ObserveLag, "{record}", "Records of an assigned partition not read yet, as of its last fetch.");
    }

    /// <summary>Tells the meter of these metrics from another of the same name in this process.</summary>
    internal bool Owns(Meter meter) => ReferenceEquals(meter, _meter);

    internal void Attach(DetectorConsumer consumer)
    {
        lock (_gate)
            _consumers.Add(consumer);
        ShowAtZero(consumer.Route);
    }

    internal void Detach(DetectorConsumer consumer)
    {
        lock (_gate)
            _consumers.Remove(consumer);
    }

    internal void Consumed(string detector, long records, long bytes)
    {
        _records.Add(records, Detector(detector));
        _bytes.Add(bytes, Detector(detector));
    }

    internal void Tombstones(string detector, long count) => _tombstones.Add(count, Detector(detector));

    internal void Recalled(string detector, long count, string outcome) => _recalled.Add(count, Detector(detector), new("outcome", outcome));

    internal void Repeated(string detector) => _repeated.Add(1, Detector(detector));

    internal void DeletedUnread(string detector, long count) => _deletedUnread.Add(count, Detector(detector));

    internal void Restarted(string detector, string reason) => _restarts.Add(1, Detector(detector), new("reason", reason));

    internal void DecodeFailed(string detector, string reason) => _decodeFailures.Add(1, Detector(detector), new("reason", reason));

    internal void Published(string detector, OutboundMessage message, TimeSpan duration)
    {
        if (message.IsShortened)
            _shortened.Add(1, Detector(detector), Kind(message.Kind));
        if (message.Kind == OutboundKind.Alert)
            _alerts.Add(1, Detector(detector));
        else if (message.Kind == OutboundKind.Score)
            _scores.Add(1, Detector(detector));
        else if (message.Kind == OutboundKind.Copy)
            _copies.Add(1, Detector(detector));
        else
            _deadLetters.Add(1, Detector(detector), new("reason", message.Reason));
        _publishDuration.Record(duration.TotalSeconds, Detector(detector), Kind(message.Kind));
    }

    internal void PublishFailed(string detector, OutboundKind kind) => _publishFailures.Add(1, Detector(detector), Kind(kind));

    internal void Committed(string detector) => _commits.Add(1, Detector(detector));

    internal void CommitFailed(string detector) => _commitFailures.Add(1, Detector(detector));

    internal void Rebalanced(string detector, string kind) => _rebalances.Add(1, Detector(detector), new("kind", kind));

    internal void ProcessFailed(string detector) => _processFailures.Add(1, Detector(detector));

    internal void Failed(string detector) => _failures.Add(1, Detector(detector));

    internal void Looped(string detector) => _loops.Add(1, Detector(detector));

    internal void Batch(string detector, int records) => _batchSize.Record(records, Detector(detector));

    // A counter that appears with its first event has no increase that an alert could see.
    private void ShowAtZero(DetectorRoute route)
    {
        var detector = route.Name;
        var tag = Detector(detector);
        Tombstones(detector, 0);
        DeletedUnread(detector, 0);
        foreach (var outcome in new[] { Used, Skipped, Deleted })
            Recalled(detector, 0, outcome);
        _commitFailures.Add(0, tag);
        _processFailures.Add(0, tag);
        _failures.Add(0, tag);
        if (route.Repartitioning is not null)
            _copies.Add(0, tag);
        if (route.ReadsCopies)
            _repeated.Add(0, tag);
        foreach (var reason in new[] { Recreated, Truncated })
            _restarts.Add(0, tag, new("reason", reason));
        foreach (var kind in Enum.GetValues<OutboundKind>())
        {
            _publishFailures.Add(0, tag, Kind(kind));
            _shortened.Add(0, tag, Kind(kind));
        }
    }

    private static KeyValuePair<string, object?> Detector(string name) => new("detector", name);

    private static KeyValuePair<string, object?> Kind(OutboundKind kind) => new("kind", NameOf(kind));

    internal static string NameOf(OutboundKind kind) => kind switch
    {
        OutboundKind.Alert => "alert",
        OutboundKind.DeadLetter => "dead_letter",
        OutboundKind.Score => "score",
        OutboundKind.Copy => "copy",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind."),
    };

    private DetectorConsumer[] Consumers()
    {
        lock (_gate)
            return [.. _consumers];
    }

    private IEnumerable<Measurement<long>> Observe(Func<DetectorConsumer, long> value) =>
        Consumers().Select(c => new Measurement<long>(value(c), Detector(c.Route.Name)));

    private IEnumerable<Measurement<long>> ObservePaused()
    {
        foreach (var consumer in Consumers())
        {
            var state = consumer.Status.State;
            yield return new(state == ConsumerState.WaitingForModel ? 1 : 0, Detector(consumer.Route.Name), new("reason", "model"));
            yield return new(consumer.IsHalted ? 1 : 0, Detector(consumer.Route.Name), new("reason", "dead_letters"));
            yield return new(state == ConsumerState.WaitingForOutput ? 1 : 0, Detector(consumer.Route.Name), new("reason", "output"));
        }
    }

    private IEnumerable<Measurement<long>> ObserveWaiting()
    {
        foreach (var consumer in Consumers())
        {
            yield return new(consumer.HeldBytes, Detector(consumer.Route.Name), new("kind", "record"));
            foreach (var kind in Enum.GetValues<OutboundKind>())
                yield return new(consumer.WaitingBytesOf(kind), Detector(consumer.Route.Name), Kind(kind));
        }
    }

    private IEnumerable<Measurement<long>> ObserveLag()
    {
        foreach (var consumer in Consumers())
        {
            foreach (var lag in consumer.Lags.Take(MaxLagSeries))
                yield return new(lag.Records, Detector(consumer.Route.Name), new("topic", lag.Topic), new("partition", lag.Partition));
        }
    }
}

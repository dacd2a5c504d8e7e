using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Stands where a detector would, while records are only written on under their key: it judges nothing, and is always ready.</summary>
/// <param name="spec">Declared fields.</param>
public sealed class Repartitioner(FeatureSpec spec) : IRecordProcessor
{
    /// <inheritdoc/>
    public FeatureSpec Spec { get; } = spec;

    /// <inheritdoc/>
    public bool IsReady => true;

    /// <inheritdoc/>
    public TimeSpan PastAlerts => TimeSpan.Zero;

    /// <inheritdoc/>
    public PastWanted Begin(string topic, int partition, string? topicId, long first) => default;

    /// <inheritdoc/>
    public void Committed(string topic, int partition, long offset)
    {
        // Nothing is kept.
    }

    /// <inheritdoc/>
    public void Recall(RecordBatch past)
    {
        // Nothing is wanted of the past.
    }

    /// <inheritdoc/>
    public void RecallAlert(ReadOnlyMemory<byte> value, IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        // No alerts are published.
    }

    /// <inheritdoc/>
    public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions, ForgetReason reason)
    {
        // Nothing is known of them.
    }

    /// <inheritdoc/>
    public void Process(RecordBatch batch, IAlertSink alerts)
    {
        // The loop writes the records on.
    }

    /// <inheritdoc/>
    public void Tick(IAlertSink alerts)
    {
        // Nothing ends by time.
    }
}

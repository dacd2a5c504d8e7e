namespace AEAnomaly.Ingest.Kafka;

/// <summary>Tracks how far an assigned partition is read, processed, acknowledged and committed; offsets are "next to read", -1 while unknown.</summary>
internal sealed class PartitionPosition(string topic, int partition)
{
    public string Topic { get; } = topic;

    public int Partition { get; } = partition;

    /// <summary>After the last message taken from the consumer; its record may still be in the batch.</summary>
    public long Read { get; set; } = -1;

    /// <summary>The first offset to process; what lies below is read again only to know what came before.</summary>
    public long FirstNew { get; set; }

    /// <summary>After the last record that was processed, or is settled as a dead letter handed to the outbox.</summary>
    public long Processed { get; set; } = -1;

    /// <summary>What <see cref="Processed"/> was at the checkpoint that waits for its acknowledgements.</summary>
    public long Checkpoint { get; set; } = -1;

    /// <summary>What the checkpoint's commit carries, or carried.</summary>
    public long Committed { get; set; } = -1;
}

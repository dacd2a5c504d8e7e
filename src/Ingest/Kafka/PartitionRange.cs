namespace AEAnomaly.Ingest.Kafka;

/// <summary>Names offsets of a partition: from the first to before the last.</summary>
internal readonly record struct PartitionRange(string Topic, int Partition, long From, long To)
{
    public long Count => Math.Max(0, To - From);
}

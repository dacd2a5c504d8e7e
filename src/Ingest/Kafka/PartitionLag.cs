namespace AEAnomaly.Ingest.Kafka;

/// <summary>Tells how many records of a partition are not read yet.</summary>
internal readonly record struct PartitionLag(string Topic, int Partition, long Records);

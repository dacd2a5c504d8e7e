namespace AEAnomaly.Ingest.Kafka;

/// <summary>Holds a message read back from a topic.</summary>
/// <param name="Partition">Partition.</param>
/// <param name="Offset">Offset.</param>
/// <param name="Key">Key; empty when there is none.</param>
/// <param name="Value">Value; empty when there is none.</param>
public sealed record TailedMessage(int Partition, long Offset, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);

namespace AEAnomaly.Detection.Streaming;

/// <summary>Holds an alert ready for the wire: a CloudEvent in Kafka binary mode.</summary>
/// <param name="Key">Message key (the entity, or the detector), or empty.</param>
/// <param name="Value">JSON body.</param>
/// <param name="Headers">Header names ("ce_id", "ce_type", ..., "content-type") and values.</param>
public sealed record AlertMessage(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, IReadOnlyList<KeyValuePair<string, string>> Headers);

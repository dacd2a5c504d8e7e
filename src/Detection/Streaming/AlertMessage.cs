namespace AEAnomaly.Detection.Streaming;

/// <summary>Holds an alert ready for the wire: a CloudEvent in Kafka binary mode.</summary>
/// <param name="Key">Message key (the entity, or the detector), or empty.</param>
/// <param name="Value">JSON body.</param>
/// <param name="Headers">Header names ("ce_id", "ce_type", ..., "content-type") and values.</param>
public sealed record AlertMessage(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>Gets the row of the batch that it is about; -1 where it is about none.</summary>
    public int Row { get; init; } = -1;
}

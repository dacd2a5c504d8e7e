namespace AEAnomaly.Ingest.Kafka;

/// <summary>Holds a dead letter as it lies in its topic.</summary>
/// <param name="Topic">Topic that the record was read from.</param>
/// <param name="Reason">Why it is one.</param>
/// <param name="Key">Key of the record, or null.</param>
/// <param name="Value">Value of the record, or null.</param>
/// <param name="Headers">Headers of the record, without those that say where and why.</param>
/// <param name="Timestamp">Timestamp of the record; null where it had none that a calendar holds.</param>
/// <param name="IsCut">Whether its key, value or headers were cut, so that the record cannot be made again from it.</param>
public sealed record StoredDeadLetter(
    string Topic, string Reason, byte[]? Key, byte[]? Value, IReadOnlyList<KeyValuePair<string, byte[]?>> Headers, DateTimeOffset? Timestamp, bool IsCut);

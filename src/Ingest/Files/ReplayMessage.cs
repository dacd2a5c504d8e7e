namespace AEAnomaly.Ingest.Files;

/// <summary>Holds a row of a file as a message.</summary>
/// <param name="Key">The key field's text as UTF-8; empty when no key field was chosen.</param>
/// <param name="Value">JSON object.</param>
/// <param name="Timestamp">The time field's moment; null when no time field was chosen.</param>
public readonly record struct ReplayMessage(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, DateTimeOffset? Timestamp);

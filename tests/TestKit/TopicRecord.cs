using System.Text;

namespace AEAnomaly.TestKit;

/// <summary>A record as it lies in a topic.</summary>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Offset">The offset within the partition.</param>
/// <param name="Key">The key's bytes, or null.</param>
/// <param name="Value">The value's bytes, or null (a tombstone).</param>
/// <param name="Headers">The headers in the order of writing; a name may occur more than once.</param>
/// <param name="Timestamp">The record's timestamp.</param>
public sealed record TopicRecord(
    int Partition,
    long Offset,
    byte[]? Key,
    byte[]? Value,
    IReadOnlyList<KeyValuePair<string, byte[]?>> Headers,
    DateTimeOffset Timestamp)
{
    public string? KeyText => Key is null ? null : Encoding.UTF8.GetString(Key);

    public string? ValueText => Value is null ? null : Encoding.UTF8.GetString(Value);

    /// <summary>The last header of a name as text, or null.</summary>
    public string? Header(string name) =>
        Headers.LastOrDefault(header => header.Key == name).Value is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}

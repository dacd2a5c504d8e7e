namespace AEAnomaly.Detection.Records;

/// <summary>Says where a record came from.</summary>
/// <param name="Topic">Topic, or file name; the same string instance for all records of a source.</param>
/// <param name="Partition">Partition; 0 for a file.</param>
/// <param name="Offset">Offset; the row number from 0 for a file.</param>
/// <param name="TimestampMs">The broker's timestamp in milliseconds since 1970-01-01 UTC; -1 when there is none.</param>
/// <param name="TopicId">Id of the topic, another one where a topic of the same name was deleted and created anew; null where the brokers tell none, and for a file.</param>
public readonly record struct RecordOrigin(string Topic, int Partition, long Offset, long TimestampMs, string? TopicId = null)
{
    /// <summary>The latest timestamp that a calendar holds: the end of the year 9999.</summary>
    public const long LatestTimestampMs = 253_402_300_799_999;

    /// <summary>Gets the place of the record that this one is a copy of, whose timestamp it has; null for one that is none.</summary>
    public RecordPlace? Original { get; init; }

    /// <summary>Gets where the record lies, for those who look for it: of a copy the place of the original.</summary>
    public RecordPlace Place => Original ?? new RecordPlace(Topic, Partition, Offset, TopicId);

    /// <summary>Gets the broker's timestamp in seconds since 1970-01-01 UTC; NaN when there is none.</summary>
    public double Seconds => TimestampMs < 0 ? double.NaN : TimestampMs / 1000.0;

    /// <summary>Gets the broker's timestamp; null when there is none, or one that no calendar holds.</summary>
    public DateTimeOffset? Time => TimestampMs is >= 0 and <= LatestTimestampMs ? DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs) : null;
}

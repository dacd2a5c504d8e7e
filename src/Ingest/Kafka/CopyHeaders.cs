namespace AEAnomaly.Ingest.Kafka;

/// <summary>Names the headers, after <see cref="DeadLetter.Prefix"/>, that say which record a copy is of; docs/history.md describes them.</summary>
internal static class CopyHeaders
{
    /// <summary>With what their names begin.</summary>
    public const string Prefix = "original.";

    public const string Topic = Prefix + "topic";
    public const string TopicId = Prefix + "topic_id";
    public const string Partition = Prefix + "partition";
    public const string Offset = Prefix + "offset";
    public const string Timestamp = Prefix + "timestamp";
    public const string LeaderEpoch = Prefix + "leader_epoch";

    /// <summary>The key that the record had; absent where it had none.</summary>
    public const string Key = Prefix + "key";
}

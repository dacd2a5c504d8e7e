namespace AEAnomaly.Ingest.Kafka;

/// <summary>Tells where a consumer stands.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="AssignedPartitions">Partitions assigned to this member.</param>
/// <param name="TopicPartitions">Partitions that the topics have, those of other members included; as last heard, 0 before.</param>
/// <param name="BrokerReachable">Whether a broker answers.</param>
/// <param name="LastLoopAt">When the loop turned last; it turns many times a second, also when there is nothing to read.</param>
/// <param name="Lag">Records of the assigned partitions not processed yet, as far as the last fetches tell; null before the first fetch.</param>
/// <param name="CanPublish">Whether alerts and dead letters go out: false while a topic of theirs is missing, refuses them or does not answer.</param>
/// <param name="LastError">What is wrong now, in one sentence with what to do; null when nothing is.</param>
public sealed record ConsumerStatus(
    ConsumerState State,
    int AssignedPartitions,
    int TopicPartitions,
    bool BrokerReachable,
    DateTimeOffset LastLoopAt,
    long? Lag,
    bool CanPublish,
    string? LastError);

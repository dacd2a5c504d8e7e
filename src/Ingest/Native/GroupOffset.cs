namespace AEAnomaly.Ingest.Native;

/// <summary>Says how far a group is through with a partition, and of which log that is meant.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Partition">Partition.</param>
/// <param name="Offset">Next offset to read; negative when the group has committed none.</param>
/// <param name="LeaderEpoch">Leader epoch of the last record before it, or -1 when unknown: by it a broker finds out that the log was cut and grew again.</param>
/// <param name="TopicId">Id of the topic the offset was reached in, or null when unknown: a topic that is deleted and created anew gets another.</param>
internal readonly record struct GroupOffset(string Topic, int Partition, long Offset, int LeaderEpoch, string? TopicId);

namespace AEAnomaly.Detection.Records;

/// <summary>Says where a record lies.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Partition">Partition.</param>
/// <param name="Offset">Offset.</param>
/// <param name="TopicId">Id of the topic; null where the brokers tell none.</param>
public sealed record RecordPlace(string Topic, int Partition, long Offset, string? TopicId);

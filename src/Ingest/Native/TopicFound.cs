using Confluent.Kafka;

namespace AEAnomaly.Ingest.Native;

/// <summary>Says what a cluster knows of a topic.</summary>
/// <param name="Name">Name.</param>
/// <param name="Id">Id of the topic, new with each creation; null where the brokers know none (before Kafka 2.8).</param>
/// <param name="Partitions">Number of its partitions.</param>
/// <param name="Error">Why nothing is known, or <see cref="ErrorCode.NoError"/>.</param>
internal readonly record struct TopicFound(string Name, string? Id, int Partitions, ErrorCode Error);

using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Asks where the logs of partitions end, with what transactions wrote that are still open.</summary>
internal static class LogEnds
{
    /// <summary>Asks for partitions of one topic.</summary>
    /// <param name="client">A client whose connection is used, whatever isolation it reads with.</param>
    /// <param name="ranges">The partitions.</param>
    /// <param name="bound">How long to wait.</param>
    /// <returns>The offset of each partition's next record.</returns>
    /// <exception cref="KafkaException">No broker answers, or it refuses.</exception>
    public static async Task<Dictionary<int, long>> AskAsync(Handle client, IReadOnlyList<PartitionRange> ranges, TimeSpan bound)
    {
        using var administration = new DependentAdminClientBuilder(client).Build();
        var answer = await administration.ListOffsetsAsync(
            ranges.Select(range => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(range.Topic, range.Partition), OffsetSpec = OffsetSpec.Latest() }),
            new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadUncommitted, RequestTimeout = bound }).ConfigureAwait(false);
        return answer.ResultInfos.ToDictionary(end => end.TopicPartitionOffsetError.Partition.Value, end => end.TopicPartitionOffsetError.Offset.Value);
    }
}

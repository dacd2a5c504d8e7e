using AEAnomaly.Ingest.Kafka;
using Confluent.Kafka;

namespace AEAnomaly.Bench.Quality;

/// <summary>Reads what a topic holds, once.</summary>
internal static class TopicContent
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>Reads every partition from its beginning to its end; belongs to no group.</summary>
    /// <exception cref="TimeoutException">Nothing came for 30 seconds although there is more.</exception>
    public static void Read(string bootstrap, string topic, int partitions, Action<TailedMessage> receive)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = "unused-by-assignment",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        for (var open = partitions; open > 0;)
        {
            var result = consumer.Consume(Bound) ?? throw new TimeoutException($"Nothing came of topic '{topic}' for {Bound.TotalSeconds:0} s.");
            if (result.IsPartitionEOF)
                open--;
            else
                receive(new TailedMessage(result.Partition.Value, result.Offset.Value, result.Message.Key, result.Message.Value));
        }
    }
}

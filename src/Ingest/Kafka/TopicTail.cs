using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Reads a topic from its beginning and goes on with what comes; belongs to no group and commits nothing.</summary>
public static class TopicTail
{
    // Bounds how late a cancellation is seen.
    private static readonly TimeSpan PollBound = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads until cancelled, on a thread of its own.</summary>
    /// <param name="bootstrapServers">Brokers.</param>
    /// <param name="topic">Existing topic.</param>
    /// <param name="receive">Takes each message, in order within a partition.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="KafkaException">The topic's partitions cannot be read.</exception>
    public static Task RunAsync(string bootstrapServers, string topic, Action<TailedMessage> receive, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Run(bootstrapServers, topic, receive, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Run(string bootstrapServers, string topic, Action<TailedMessage> receive, CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "unused-by-assignment",
            EnableAutoCommit = false,
            FetchWaitMaxMs = 10,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).SetLogHandler(static (_, _) => { }).Build();
        consumer.Assign(Partitions(bootstrapServers, topic).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        while (!cancellationToken.IsCancellationRequested)
        {
            if (consumer.Consume(PollBound) is { Message: { } message } result)
                receive(new TailedMessage(result.Partition.Value, result.Offset.Value, message.Key, message.Value));
        }
    }

    private static List<Partition> Partitions(string bootstrapServers, string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).SetLogHandler(static (_, _) => { }).Build();
        var metadata = admin.GetMetadata(topic, TimeSpan.FromSeconds(30)).Topics.Single();
        if (metadata.Error.IsError)
            throw new KafkaException(metadata.Error);
        return [.. metadata.Partitions.Select(p => new Partition(p.PartitionId))];
    }
}

using Confluent.Kafka;

namespace AEAnomaly.TestKit;

/// <summary>Reads topics from their beginning, with a consumer of its own that joins no group and commits nothing.</summary>
public static class TopicReader
{
    private static readonly TimeSpan DefaultBound = TimeSpan.FromSeconds(30);

    /// <summary>Reads what is in a topic now: every partition to its end.</summary>
    /// <exception cref="TimeoutException">The ends were not reached within the bound.</exception>
    public static IReadOnlyList<TopicRecord> ReadToEnd(
        TestBroker broker, string topic, TimeSpan? bound = null, IsolationLevel isolation = IsolationLevel.ReadCommitted) =>
        Read(broker, topic, null, bound ?? DefaultBound, isolation);

    /// <summary>Reads what is committed in a topic, every partition to the end of its log: waits for the end of transactions that a process left open when it died.</summary>
    /// <exception cref="TimeoutException">The ends were not reached within the bound.</exception>
    public static IReadOnlyList<TopicRecord> ReadToEndOfLog(TestBroker broker, string topic, TimeSpan? bound = null) =>
        Read(broker, topic, null, bound ?? DefaultBound, IsolationLevel.ReadCommitted, waitsForTransactions: true);

    /// <summary>Reads a topic, waiting for more, until a condition over all its records so far holds.</summary>
    /// <exception cref="TimeoutException">The condition did not hold within the bound; the message has the number of records and the last of them.</exception>
    public static IReadOnlyList<TopicRecord> ReadUntil(
        TestBroker broker,
        string topic,
        Func<IReadOnlyList<TopicRecord>, bool> enough,
        TimeSpan? bound = null,
        IsolationLevel isolation = IsolationLevel.ReadCommitted) =>
        Read(broker, topic, enough, bound ?? DefaultBound, isolation);

    /// <summary>Reads a topic until it has given a number of records.</summary>
    /// <exception cref="TimeoutException">There were fewer within the bound.</exception>
    public static IReadOnlyList<TopicRecord> ReadCount(TestBroker broker, string topic, int count, TimeSpan? bound = null) =>
        ReadUntil(broker, topic, records => records.Count >= count, bound);

    private static List<TopicRecord> Read(
        TestBroker broker, string topic, Func<IReadOnlyList<TopicRecord>, bool>? enough, TimeSpan bound, IsolationLevel isolation, bool waitsForTransactions = false)
    {
        var deadline = Environment.TickCount64 + (long)bound.TotalMilliseconds;
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig(broker.Client)
        {
            GroupId = "topic-reader", // the client insists on one; nothing is joined or committed
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            IsolationLevel = isolation,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            FetchWaitMaxMs = 50,
        }).Build();
        var open = Assign(consumer, broker, topic, bound);
        var records = new List<TopicRecord>();
        while (enough is null ? open.Count > 0 : !enough(records))
        {
            var left = deadline - Environment.TickCount64;
            if (left <= 0)
            {
                throw new TimeoutException(
                    $"topic {topic}: {(enough is null ? "the end was not reached" : "not enough was read")} within {bound.TotalSeconds:0.#} s; "
                    + $"read {records.Count} records, the last: {records.LastOrDefault()?.ValueText ?? "none"}");
            }

            if (consumer.Consume(TimeSpan.FromMilliseconds(Math.Min(left, 200))) is not { } result)
            {
                continue;
            }

            if (result.IsPartitionEOF)
            {
                // Behind an open transaction there is more, which is told of once it has ended.
                if (!waitsForTransactions || result.Offset >= consumer.GetWatermarkOffsets(result.TopicPartition).High)
                    open.Remove(result.Partition.Value);
            }
            else
            {
                records.Add(ToRecord(result));
            }
        }

        return records;
    }

    private static HashSet<int> Assign(IConsumer<byte[]?, byte[]?> consumer, TestBroker broker, string topic, TimeSpan bound)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig(broker.Client)).Build();
        var metadata = admin.GetMetadata(topic, bound).Topics.Single();
        if (metadata.Error.IsError)
        {
            throw new InvalidOperationException($"topic {topic}: {metadata.Error.Reason}");
        }

        var partitions = metadata.Partitions.Select(partition => partition.PartitionId).ToHashSet();
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        return partitions;
    }

    private static TopicRecord ToRecord(ConsumeResult<byte[]?, byte[]?> result) => new(
        result.Partition.Value,
        result.Offset.Value,
        result.Message.Key,
        result.Message.Value,
        [.. result.Message.Headers.Select(header => KeyValuePair.Create<string, byte[]?>(header.Key, header.GetValueBytes()))],
        new DateTimeOffset(result.Message.Timestamp.UtcDateTime));
}

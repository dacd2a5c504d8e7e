using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Produces at an even rate while the product runs in a process of its own, and takes the time of each alert.</summary>
internal static class LatencyRun
{
    // What is produced before anything counts: the process starts, joins its group, and is compiled where it is hot.
    private const int WarmSeconds = 15;
    private const int CommitMilliseconds = 50;
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(20);

    public static async Task<LatencyResult> RunAsync(DeliveryPlan plan, string models, string topic, string delivery, int rate)
    {
        var records = rate * (WarmSeconds + plan.LatencySeconds);
        // What hangs together in the records follows from the seed, so it is the one that the model knows. Made before: making them would take a processor from what is measured.
        var stream = new TransactionStream(ClusterHost.Seed);
        var values = Enumerable.Range(0, Math.Min(records, 200_000)).Select(_ => stream.Next()).ToArray();
        var produced = Enumerable.Range(0, plan.Partitions).Select(_ => new long[(records / plan.Partitions) + 1]).ToArray();
        using var detecting = ChildProcess.Self(
            "detect", "--delivery", delivery, "--commit-ms", CommitMilliseconds.ToString(CultureInfo.InvariantCulture), "--models", models, "--bootstrap", plan.Bootstrap, "--topic", topic,
            "--records", records.ToString(CultureInfo.InvariantCulture), "--warm", "1");

        using var ended = new CancellationTokenSource();
        var reading = Task.Run(() => Read(plan.Bootstrap, ClusterHost.AlertsOf(topic), produced, ended.Token));
        await Task.Run(() => Produce(plan, topic, values, produced, records, rate));
        await detecting.ReadAsync<RunResult>();
        await detecting.EndAsync();
        // The product has ended, and with it everything is committed.
        ended.CancelAfter(TimeSpan.FromSeconds(2));
        var milliseconds = await reading.WaitAsync(Tail);

        var sorted = milliseconds.Where(one => one.Record >= (long)rate * WarmSeconds).Select(one => one.Milliseconds).Order().ToArray();
        return sorted.Length >= 100
            ? new LatencyResult(delivery, rate, sorted.Length, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100], sorted[^1])
            : throw new InvalidOperationException($"Only {sorted.Length} alerts were measured at {rate} records a second.");
    }

    private static void Produce(DeliveryPlan plan, string topic, byte[][] values, long[][] produced, int records, int rate)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = plan.Bootstrap,
            CompressionType = CompressionType.Lz4,
            LingerMs = 1,
            EnableIdempotence = true,
            QueueBufferingMaxMessages = 1_000_000,
            EnableDeliveryReports = false,
        }).Build();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < records; i++)
        {
            var due = i / (double)rate;
            while (clock.Elapsed.TotalSeconds < due)
                Thread.Sleep(1);
            // In turn, so that a record's offset is known beforehand: one producer, which keeps the order.
            var partition = i % plan.Partitions;
            produced[partition][i / plan.Partitions] = Stopwatch.GetTimestamp();
            var message = new Message<Null, byte[]> { Value = values[i % values.Length] };
            while (!TryProduce(producer, new TopicPartition(topic, partition), message))
                Thread.Sleep(1);
        }

        producer.Flush(Tail);
    }

    // Full where the rate is more than the machine can take: the wait is part of what is measured.
    private static bool TryProduce(IProducer<Null, byte[]> producer, TopicPartition partition, Message<Null, byte[]> message)
    {
        try
        {
            producer.Produce(partition, message);
            return true;
        }
        catch (ProduceException<Null, byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private static List<(long Record, double Milliseconds)> Read(string bootstrap, string topic, long[][] produced, CancellationToken ended)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = $"latency.{Guid.NewGuid():N}",
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        }).Build();
        consumer.Assign(Enumerable.Range(0, ClusterHost.OutputPartitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var found = new List<(long, double)>();
        while (!ended.IsCancellationRequested)
        {
            if (consumer.Consume(100) is not { } message)
                continue;
            var now = Stopwatch.GetTimestamp();
            using var alert = JsonDocument.Parse(message.Message.Value);
            if (alert.RootElement.GetProperty("action").GetString() == "close")
                continue;
            var evidence = alert.RootElement.GetProperty("evidence");
            var (partition, offset) = (evidence.GetProperty("partition").GetInt32(), evidence.GetProperty("offset").GetInt64());
            found.Add(((offset * produced.Length) + partition, Stopwatch.GetElapsedTime(produced[partition][offset], now).TotalMilliseconds));
        }

        consumer.Close();
        return found;
    }
}

using System.Text.Json;
using AEAnomaly.Ingest.Embedded;
using Confluent.Kafka;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Says what the cluster offers; one line of JSON on standard output.</summary>
/// <param name="BootstrapServers">Address.</param>
/// <param name="Readable">Records that the cluster kept of those written.</param>
/// <param name="Written">Records written.</param>
/// <param name="BytesPerRecord">Mean size of a value.</param>
internal sealed record ClusterReport(string BootstrapServers, long Readable, long Written, double BytesPerRecord);

/// <summary>Runs the embedded cluster in a process of its own, filled once, until standard input ends.</summary>
internal static class ClusterHost
{
    public const string Topic = "transactions";
    public const string PeerAlertTopic = "transactions.peer-alerts";
    public const string DeadLetterTopic = "transactions.dead-letters";
    public const int OutputPartitions = 4;

    // Neighbours in time lie together, as a producer with several partitions would place them.
    private const int RecordsInARow = 250;
    public const int Seed = 20_260_105;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static int Run(Words words)
    {
        var (records, partitions) = (words.Number("records"), words.Number("partitions"));
        using var cluster = EmbeddedCluster.Start();
        cluster.CreateTopic(Topic, partitions);
        foreach (var topic in new[] { AlertsOf(Topic), PeerAlertTopic, DeadLetterTopic })
            cluster.CreateTopic(topic, OutputPartitions);

        var bytes = Fill(cluster.BootstrapServers, records, partitions);
        Console.WriteLine(JsonSerializer.Serialize(
            new ClusterReport(
            cluster.BootstrapServers, Readable(cluster.BootstrapServers, partitions), records, (double)bytes / records),
            ResultJson.Options));
        Console.In.ReadToEnd();
        return 0;
    }

    public static string AlertsOf(string topic) => topic + ".alerts";

    /// <summary>Writes records to the topic.</summary>
    /// <returns>The bytes of their values.</returns>
    public static long Fill(string bootstrapServers, int records, int partitions)
    {
        var stream = new TransactionStream(Seed);
        long bytes = 0;
        string? error = null;
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            CompressionType = CompressionType.Lz4,
            LingerMs = 50,
            BatchSize = 400_000,
            QueueBufferingMaxMessages = 200_000,
            QueueBufferingMaxKbytes = 262_144,
        }).Build();
        for (var i = 0; i < records; i++)
        {
            var value = stream.Next();
            bytes += value.Length;
            var partition = new TopicPartition(Topic, i / RecordsInARow % partitions);
            while (true)
            {
                try
                {
                    producer.Produce(partition, new Message<Null, byte[]> { Value = value }, report => error = report.Error.IsError ? report.Error.Reason : error);
                    break;
                }
                catch (ProduceException<Null, byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
                {
                    producer.Flush(TimeSpan.FromMilliseconds(20));
                }
            }
        }

        var left = producer.Flush(Bound);
        return left == 0 && error is null ? bytes : throw new InvalidOperationException($"The topic could not be filled: {left} records left, {error ?? "no error"}.");
    }

    private static long Readable(string bootstrapServers, int partitions)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "watermarks" }).Build();
        return Enumerable.Range(0, partitions)
            .Select(partition => consumer.QueryWatermarkOffsets(new TopicPartition(Topic, partition), Bound))
            .Sum(offsets => offsets.High.Value - offsets.Low.Value);
    }
}

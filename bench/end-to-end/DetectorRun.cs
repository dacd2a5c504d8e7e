using System.Runtime.InteropServices;
using System.Text.Json;
using AEAnomaly.Ingest.Formats;
using AEAnomaly.Ingest.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Measures one run of the product over the whole topic: consume, decode, encode, score, decide, explain, publish, commit.</summary>
internal static class DetectorRun
{
    public const string ExactlyOnce = "exactly_once";
    public const string AtLeastOnce = "at_least_once";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(Words words)
    {
        var (records, warmRecords) = (words.Number("records"), words.Number("warm"));
        using var stopping = new CancellationTokenSource();
        using var totals = new CounterTotals();
        var commitMilliseconds = words.Number("commit-ms", 0);
        await using var bench = new BenchDetector(
            words.Text("detector", BenchDetector.Name), words.Text("models"), words.Text("bootstrap"), words.Text("topic", ClusterHost.Topic),
            words.Text("delivery", "") == ExactlyOnce, commitMilliseconds > 0 ? TimeSpan.FromMilliseconds(commitMilliseconds) : null);
        var metrics = new IngestMetrics(bench);
        await bench.StartAsync(stopping.Token);

        var counting = new CountingProcessor(bench.Detector, warmRecords, records);
        var consumer = new DetectorConsumer(
            bench.Kafka, bench.Route, new JsonRecordDecoder(bench.Detector.Spec, new JsonDecoderOptions()), counting, metrics, TimeProvider.System, NullLogger.Instance);
        var running = consumer.RunAsync(stopping.Token);
        if (await Task.WhenAny(counting.Finished, running, Task.Delay(Bound)) != counting.Finished)
        {
            await Console.Error.WriteLineAsync($"error: {counting.Count} of {records} records after {Bound}: {consumer.Status}");
            return 1;
        }

        // Publishes and commits what is left, and leaves the group.
        await stopping.CancelAsync();
        await running;
        var (begin, end) = (counting.Begin, counting.End);
        var measured = counting.Count - counting.WarmCount;
        Console.WriteLine(JsonSerializer.Serialize(
            new RunResult(
                measured,
                end.WallSeconds - begin.WallSeconds,
                end.ThreadSeconds - begin.ThreadSeconds,
                end.ProcessSeconds - begin.ProcessSeconds,
                counting.Count,
                totals["aeanomaly.anomalies"],
                totals["aeanomaly.alerts.published"],
                Committed(bench),
                $"{RuntimeInformation.FrameworkDescription}, Confluent.Kafka {typeof(Handle).Assembly.GetName().Version?.ToString(3)} (librdkafka {Library.VersionString})",
                end.AllocatedBytes - begin.AllocatedBytes,
                consumer.HotPathAllocatedBytes,
                (double)measured / counting.Batches,
                SecondHalf(counting)),
            ResultJson.Options));
        return 0;
    }

    private static HalfResult SecondHalf(CountingProcessor counting)
    {
        var (half, end) = (counting.Half, counting.End);
        return new HalfResult(
            counting.Count - counting.HalfCount,
            end.WallSeconds - half.WallSeconds,
            end.ThreadSeconds - half.ThreadSeconds,
            counting.DetectorSeconds,
            end.ProcessSeconds - half.ProcessSeconds,
            end.AllocatedBytes - half.AllocatedBytes);
    }

    private static long Committed(BenchDetector bench)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(
            new ConsumerConfig { BootstrapServers = bench.Kafka.BootstrapServers, GroupId = bench.Route.GroupId }).Build();
        using var administration = new DependentAdminClientBuilder(consumer.Handle).Build();
        var topic = bench.Route.Topics[0];
        var partitions = administration.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions;
        return consumer.Committed(partitions.Select(partition => new TopicPartition(topic, partition.PartitionId)), TimeSpan.FromSeconds(10))
            .Sum(offset => Math.Max(0, offset.Offset.Value));
    }
}

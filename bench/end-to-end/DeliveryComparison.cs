using System.Globalization;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>
/// Holds the two guarantees of delivery against each other on a real broker, beside a Kafka Streams service with the same guarantee; then tells what a history costs, and how long an alert takes.
/// Each run is a fresh process with a fresh group on the same topic.
/// </summary>
internal static class DeliveryComparison
{
    // A broker, a producer and a reader on the same cores take most of what the first part measures.
    private static readonly int[] Rates = [5_000, 20_000, 50_000];

    public static async Task<int> RunAsync(Words words)
    {
        var plan = new DeliveryPlan(
            words.Text("bootstrap"), words.Text("kafka"), words.Text("peer"), words.Number("rounds", 7), words.Number("records", 2_880_000), words.Number("partitions", 12), words.Number("peer-threshold", 5_000), words.Number("latency-seconds", 20));
        var models = Directory.CreateTempSubdirectory("aeanomaly-bench-");
        try
        {
            await CreateTopicsAsync(plan, ClusterHost.Topic, ClusterHost.PeerAlertTopic, ClusterHost.DeadLetterTopic);
            Say($"filling {plan.Partitions} partitions with {plan.Records} records");
            var bytes = ClusterHost.Fill(plan.Bootstrap, plan.Records, plan.Partitions);
            Say("training");
            using (var training = ChildProcess.Self(
                "train", "--models", models.FullName, "--bootstrap", plan.Bootstrap, "--detectors", $"{BenchDetector.Name},{BenchDetector.CategoryName},{BenchDetector.HistoryName}"))
            {
                await training.EndAsync();
            }

            // A fresh broker compiles its own code for some minutes on the same cores, and whoever comes first would pay for it.
            Say($"a round that only warms the broker: {await RoundAsync(plan, models.FullName)}");
            var rounds = new List<DeliveryRound>();
            for (var i = 0; i < plan.Rounds; i++)
            {
                rounds.Add(await RoundAsync(plan, models.FullName));
                Say($"round {i + 1}: {rounds[^1]}");
            }

            var latencies = new List<LatencyResult>();
            foreach (var rate in Rates)
            {
                foreach (var delivery in new[] { DetectorRun.AtLeastOnce, DetectorRun.ExactlyOnce })
                {
                    var topic = $"latency-{delivery.Replace('_', '-')}-{rate}";
                    await CreateTopicsAsync(plan, topic);
                    latencies.Add(await LatencyRun.RunAsync(plan, models.FullName, topic, delivery, rate));
                    Say($"{latencies[^1]}");
                }
            }

            var report = DeliveryReport.Write(plan, (double)bytes / plan.Records, rounds, latencies);
            if (words.Text("out", "") is { Length: > 0 } file)
                await File.WriteAllTextAsync(file, report);
            Console.Write(report);
            return 0;
        }
        finally
        {
            models.Delete(recursive: true);
        }
    }

    private static async Task<DeliveryRound> RoundAsync(DeliveryPlan plan, string models) => new(
        await DetectAsync(plan, models, BenchDetector.Name, DetectorRun.AtLeastOnce),
        await DetectAsync(plan, models, BenchDetector.Name, DetectorRun.ExactlyOnce),
        await StreamsAsync(plan),
        await DetectAsync(plan, models, BenchDetector.CategoryName, DetectorRun.AtLeastOnce),
        await DetectAsync(plan, models, BenchDetector.HistoryName, DetectorRun.AtLeastOnce));

    private static async Task CreateTopicsAsync(DeliveryPlan plan, string input, params IEnumerable<string> others)
    {
        await TopicAdministration.CreateAsync(plan.Bootstrap, [input], plan.Partitions, CancellationToken.None);
        await TopicAdministration.CreateAsync(plan.Bootstrap, [ClusterHost.AlertsOf(input), .. others], ClusterHost.OutputPartitions, CancellationToken.None);
    }

    private static async Task<RunResult> DetectAsync(DeliveryPlan plan, string models, string detector, string delivery)
    {
        using var run = ChildProcess.Self(
            "detect", "--detector", detector, "--delivery", delivery, "--models", models, "--bootstrap", plan.Bootstrap, "--records", Text(plan.Records), "--warm", Text(plan.Records / 10));
        var result = await run.ReadAsync<RunResult>();
        await run.EndAsync();
        // The end of a transaction is a place in the log too.
        return result.Committed >= plan.Records && result.Published >= result.Anomalies
            ? result
            : throw result.Incomplete(plan.Records);
    }

    private static async Task<StreamsResult> StreamsAsync(DeliveryPlan plan)
    {
        using var run = ChildProcess.Start(
            "java",
            ["-cp", Path.Combine(plan.KafkaHome, "libs", "*"), plan.Peer, plan.Bootstrap, ClusterHost.Topic, ClusterHost.PeerAlertTopic, "exactly_once_v2", Text(plan.Records), Text(plan.PeerThreshold)]);
        var result = await run.ReadAsync<StreamsResult>();
        await run.EndAsync();
        return result;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Say(string text) => Console.Error.WriteLine(text);
}

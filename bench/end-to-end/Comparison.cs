using System.Globalization;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Runs the two sides in turn on one cluster and topic, each run a fresh process with a fresh group, and writes the report.</summary>
internal static class Comparison
{
    private const string KernelVariable = "OPENBLAS_CORETYPE";

    // None leaves the choice to OpenBLAS, which on processors younger than itself takes slow ones.
    private static readonly string?[] Kernels = [null, "SkylakeX", "Cooperlake", "Zen", "Haswell"];

    public static async Task<int> RunAsync(Words words)
    {
        var plan = new ComparisonPlan(
            words.Text("python"), words.Text("peer"), words.Number("pairs", 7), words.Number("records", 960_000), words.Number("partitions", 64), words.Number("warm", 20_000));
        var models = Directory.CreateTempSubdirectory("aeanomaly-bench-");
        try
        {
            Say($"filling {plan.Partitions} partitions of the embedded cluster with {plan.Records} records");
            using var host = ChildProcess.Self("host", "--records", Text(plan.Records), "--partitions", Text(plan.Partitions));
            var cluster = await host.ReadAsync<ClusterReport>();
            Say($"{cluster.Readable} records of {cluster.BytesPerRecord:0} bytes are readable");

            using (var training = ChildProcess.Self("train", "--models", models.FullName, "--bootstrap", cluster.BootstrapServers, "--detectors", $"{BenchDetector.Name},{BenchDetector.QuietName}"))
                await training.EndAsync();
            var kernel = await QuickestKernelAsync(plan);

            var pairs = new List<RunPair>();
            for (var i = 0; i < plan.Pairs; i++)
            {
                var ours = await DetectAsync(plan, cluster, models.FullName, BenchDetector.Name);
                var peer = await PeerAsync(plan, cluster, models.FullName, kernel);
                pairs.Add(new RunPair(ours, peer));
                RequireSameWork(pairs[^1]);
                Say($"pair {i + 1}: {ours.RecordsPerSecond / 1e3:0} k/s and {peer.RecordsPerSecond / 1e3:0} k/s, {pairs[^1].Ratio:0.0}x; anomalies {ours.Anomalies} and {peer.Anomalies}");
            }

            var quiet = await DetectAsync(plan, cluster, models.FullName, BenchDetector.QuietName);
            var report = ComparisonReport.Write(plan, cluster, pairs, quiet);
            var file = words.Text("out", "");
            if (file.Length > 0)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
                await File.WriteAllTextAsync(file, report);
            }

            Console.Write(report);
            await host.EndAsync();
            return 0;
        }
        finally
        {
            models.Delete(recursive: true);
        }
    }

    private static async Task<RunResult> DetectAsync(ComparisonPlan plan, ClusterReport cluster, string models, string detector)
    {
        using var run = ChildProcess.Self(
            "detect", "--detector", detector, "--models", models, "--bootstrap", cluster.BootstrapServers, "--records", Text(cluster.Readable), "--warm", Text(plan.WarmRecords));
        return await ResultAsync(run, cluster);
    }

    private static async Task<RunResult> PeerAsync(ComparisonPlan plan, ClusterReport cluster, string models, string? kernel)
    {
        var home = Path.Combine(models, BenchDetector.Name);
        var version = (await File.ReadAllTextAsync(Path.Combine(home, "current"))).Trim();
        string[] arguments =
        [
            plan.Peer, "--bootstrap", cluster.BootstrapServers, "--topic", ClusterHost.Topic, "--alerts", ClusterHost.PeerAlertTopic,
            "--group", $"peer.{Guid.NewGuid():N}", "--records", Text(cluster.Readable), "--warm", Text(plan.WarmRecords), "--model", Path.Combine(home, version),
        ];
        using var run = ChildProcess.Start(plan.Python, arguments, PeerEnvironment(kernel));
        return await ResultAsync(run, cluster);
    }

    private static async Task<RunResult> ResultAsync(ChildProcess run, ClusterReport cluster)
    {
        var result = await run.ReadAsync<RunResult>();
        await run.EndAsync();
        return result.Committed == cluster.Readable && result.Published >= result.Anomalies
            ? result
            : throw result.Incomplete(cluster.Readable);
    }

    /// <summary>Checks that both sides judged the same records: sums in another order may move a score across the threshold, but hardly any.</summary>
    private static void RequireSameWork(RunPair pair)
    {
        if (Math.Abs(pair.Ours.Anomalies - pair.Peer.Anomalies) > Math.Max(5, pair.Ours.Anomalies / 1000))
            throw new InvalidOperationException($"The sides do not agree: {pair.Ours.Anomalies} and {pair.Peer.Anomalies} anomalies in the same records with the same model.");
    }

    private static async Task<string?> QuickestKernelAsync(ComparisonPlan plan)
    {
        var times = new List<(string? Kernel, double Nanoseconds)>();
        foreach (var kernel in Kernels)
        {
            using var run = ChildProcess.Start(plan.Python, [plan.Peer, "--time-network"], PeerEnvironment(kernel));
            times.Add((kernel, (await run.ReadAsync<NetworkTime>()).Nanoseconds));
            await run.EndAsync();
        }

        Say($"the peer's network: {string.Join(", ", times.Select(time => $"{time.Kernel ?? "unset"} {time.Nanoseconds:0} ns"))}");
        return times.MinBy(time => time.Nanoseconds).Kernel;
    }

    // More threads than one would only spin: the network is small, and one application thread is what is compared.
    private static KeyValuePair<string, string?>[] PeerEnvironment(string? kernel) =>
        [new(KernelVariable, kernel), new("OPENBLAS_NUM_THREADS", "1"), new("OMP_NUM_THREADS", "1")];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Say(string text) => Console.Error.WriteLine(text);

    private sealed record NetworkTime(double Nanoseconds);
}

using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Bench.Quality;

/// <summary>
/// Holds what the daemon found in one transaction set, replayed through a real broker: it trains itself on the first part, frauds left in and unlabelled, and is judged by its alerts on the rest;
/// beside it what "evaluate" finds with the same configuration.
/// </summary>
internal sealed record TransactionRun(
    string Set, int Rows, int Tested, int Frauds, int Alerted, int FraudsAlerted, int Flagged, int FraudsFlagged, double Seconds, double AucPr, double AucRoc, double RecordAucPr, double RecordAucRoc)
{
    private const double TrainingShare = 0.75;

    private const int Partitions = 6;
    private const int Seeds = 3;

    // Sets that are cut at a time rather than after three quarters of their records, Unix seconds.
    private static readonly Dictionary<string, long> TrainingEnds = new() { ["sparkov2_2023-01_2024-01"] = 1_698_796_800 };

    private static readonly Dictionary<string, string> KeyOf = new() { ["sparkov2"] = "card_id", ["fdh"] = "customer_id" };

    private const string Label = "fraud";

    // Says which kind of fraud a record is part of: the answer, not a feature.
    private const string Answer = "scenario";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(20);

    public double Precision => Alerted == 0 ? 0 : (double)FraudsAlerted / Alerted;

    public double Recall => Frauds == 0 ? 0 : (double)FraudsAlerted / Frauds;

    /// <summary>Runs the commands as a user would: init, replay, run, replay; then reads the alerts back.</summary>
    public static async Task<TransactionRun> RunAsync(Arguments arguments, string file)
    {
        var set = Path.GetFileName(file)[..^".csv.gz".Length];
        var folder = Directory.CreateTempSubdirectory("aeanomaly-bench-").FullName;
        try
        {
            var clock = Stopwatch.StartNew();
            var (first, second, mask, rows, tested, frauds) = await SplitAsync(file, set, folder).ConfigureAwait(false);
            var bootstrap = arguments.Bootstrap ?? throw new ArgumentException("--bootstrap is missing: transactions are replayed through a real broker.");
            var topic = "transactions-" + Guid.NewGuid().ToString("N")[..8];
            await TopicAdministration.CreateAsync(bootstrap, [topic, topic + ".alerts", topic + ".dead-letters"], Partitions, CancellationToken.None).ConfigureAwait(false);
            await ReplayAsync(arguments, first, bootstrap, topic, KeyOf[set.Split('_')[0]]).ConfigureAwait(false);

            var configuration = Path.Combine(folder, "transactions.yaml");
            await CommandAsync(arguments, [], "init", "--topic", topic, "--bootstrap", bootstrap, "--label", Label, "--name", "transactions", "--out", configuration).ConfigureAwait(false);
            var port = FreePort();
            var fields = (await File.ReadAllLinesAsync(configuration).ConfigureAwait(false)).Where(l => l.Contains("- { name:", StringComparison.Ordinal)).ToList();
            var environment = new Dictionary<string, string>
            {
                ["AEANOMALY__KAFKA__BOOTSTRAP_SERVERS"] = bootstrap,
                ["AEANOMALY__MODELS__DIRECTORY"] = Path.Combine(folder, "models"),
                ["AEANOMALY__HTTP__LISTEN"] = $"http://127.0.0.1:{port}",
                ["AEANOMALY__DETECTORS__0__TRAINING__MAX_RECORDS"] = "1000000",
                ["AEANOMALY__DETECTORS__0__THRESHOLD__METHOD"] = "alert_rate",
                ["AEANOMALY__DETECTORS__0__THRESHOLD__ALERT_RATE"] = "0.01",
                [$"AEANOMALY__DETECTORS__0__FIELDS__{Index(fields, Label)}__PASS_THROUGH"] = "plain",
            };
            if (Index(fields, Answer) is >= 0 and var answer)
                environment[$"AEANOMALY__DETECTORS__0__FIELDS__{answer}__KIND"] = "ignore";
            using (var daemon = Start(arguments, environment, "run", "--config", configuration))
            {
                await ScoredAsync(daemon, port, rows - tested).ConfigureAwait(false);
                await ReplayAsync(arguments, second, bootstrap, topic, KeyOf[set.Split('_')[0]]).ConfigureAwait(false);
                await ScoredAsync(daemon, port, rows).ConfigureAwait(false);
                using var terminate = Process.Start("kill", [daemon.Id.ToString(CultureInfo.InvariantCulture)]);
                await daemon.WaitForExitAsync().ConfigureAwait(false);
            }

            var from = await FirstTimeAsync(second).ConfigureAwait(false);
            var (alerted, fraudsAlerted) = await ReadAlertsAsync(bootstrap, topic + ".alerts", from).ConfigureAwait(false);
            string[] evaluate = ["evaluate", "--data", file, "--label", Label, "--split", mask + ":0", "--output", "json", .. Index(fields, Answer) >= 0 ? new[] { "--drop", Answer } : []];
            environment.Remove("AEANOMALY__MODELS__DIRECTORY");
            var with = await EvaluateAsync(arguments, environment, [.. evaluate, "--config", configuration]).ConfigureAwait(false);
            var without = await EvaluateAsync(arguments, [], evaluate).ConfigureAwait(false);
            return new TransactionRun(
                set, rows, tested, frauds, alerted, fraudsAlerted, with.Flagged, with.FraudsFlagged, clock.Elapsed.TotalSeconds, with.Pr, with.Roc, without.Pr, without.Roc);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Pr, double Roc, int Flagged, int FraudsFlagged)> EvaluateAsync(Arguments arguments, Dictionary<string, string> environment, string[] command)
    {
        var (pr, roc, flagged, fraudsFlagged) = (0.0, 0.0, 0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var json = await CommandAsync(arguments, environment, [.. command, "--seed", seed.ToString(CultureInfo.InvariantCulture)]).ConfigureAwait(false);
            using var evaluation = JsonDocument.Parse(json.AsMemory(json.LastIndexOf('{')));
            pr += evaluation.RootElement.GetProperty("auc_pr").GetDouble() / Seeds;
            roc += evaluation.RootElement.GetProperty("auc_roc").GetDouble() / Seeds;
            if (seed > 1)
                continue;
            // The daemon's seed is the first too.
            fraudsFlagged = evaluation.RootElement.GetProperty("true_positives").GetInt32();
            flagged = fraudsFlagged + evaluation.RootElement.GetProperty("false_positives").GetInt32();
        }

        return (pr, roc, flagged, fraudsFlagged);
    }

    private static int Index(List<string> fields, string name) => fields.FindIndex(f => f.Contains($"name: {name},", StringComparison.Ordinal));

    /// <summary>Cuts the file, which is in time order, into what is trained on and what is judged, and writes the matching split mask.</summary>
    private static async Task<(string First, string Second, string Mask, int Rows, int Tested, int Frauds)> SplitAsync(string file, string set, string folder)
    {
        var lines = new List<string>();
        using (var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress)))
        {
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
                lines.Add(line);
        }

        var header = lines[0].Split(',');
        var label = Array.IndexOf(header, Label);
        if (label < 0)
            throw new InvalidOperationException($"{file} has no column '{Label}'.");

        var rows = lines.Count - 1;
        var time = Array.IndexOf(header, "unix_time");
        var training = TrainingEnds.TryGetValue(set, out var end)
            ? lines.Skip(1).Count(line => double.Parse(line.Split(',')[time], CultureInfo.InvariantCulture) < end)
            : (int)(rows * TrainingShare);
        var (first, second, mask) = (Path.Combine(folder, "first.csv"), Path.Combine(folder, "second.csv"), Path.Combine(folder, "mask.txt"));
        await File.WriteAllLinesAsync(first, lines.Take(training + 1)).ConfigureAwait(false);
        await File.WriteAllLinesAsync(second, lines.Take(1).Concat(lines.Skip(training + 1))).ConfigureAwait(false);
        await File.WriteAllLinesAsync(mask, Enumerable.Range(0, rows).Select(i => i < training ? "1" : "0")).ConfigureAwait(false);
        var frauds = lines.Skip(training + 1).Count(l => l.Split(',')[label] == "1");
        return (first, second, mask, rows, rows - training, frauds);
    }

    // Keyed, so that all that a key does comes in one partition and in its order.
    private static Task<string> ReplayAsync(Arguments arguments, string file, string bootstrap, string topic, string key) =>
        CommandAsync(arguments, [], "replay", "--data", file, "--topic", topic, "--bootstrap", bootstrap, "--time-field", "unix_time", "--key-field", key);

    private static async Task<DateTimeOffset> FirstTimeAsync(string file)
    {
        using var reader = new StreamReader(file);
        var header = (await reader.ReadLineAsync().ConfigureAwait(false))!.Split(',');
        var row = (await reader.ReadLineAsync().ConfigureAwait(false))!.Split(',');
        return DateTimeOffset.FromUnixTimeSeconds(long.Parse(row[Array.IndexOf(header, "unix_time")], CultureInfo.InvariantCulture));
    }

    private static async Task<(int Alerted, int Frauds)> ReadAlertsAsync(string bootstrap, string topic, DateTimeOffset from)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var frauds = 0;
        var lastAt = Stopwatch.GetTimestamp();
        using var end = new CancellationTokenSource();
        var tail = TopicTail.RunAsync(bootstrap, topic, message =>
        {
            lastAt = Stopwatch.GetTimestamp();
            using var alert = JsonDocument.Parse(message.Value);
            var root = alert.RootElement;
            if (root.GetProperty("action").GetString() == "close" || root.GetProperty("event_time").GetDateTimeOffset() < from || !seen.Add(root.GetProperty("id").GetString()!))
                return;
            if (root.GetProperty("evidence").GetProperty("fields").GetProperty(Label).GetString() == "1")
                frauds++;
        }, end.Token);

        // The daemon has ended and every alert is acknowledged: when none comes for a while, all are read.
        while (Stopwatch.GetElapsedTime(lastAt) < TimeSpan.FromSeconds(3))
            await Task.Delay(100).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await tail.ConfigureAwait(false);
        return (seen.Count, frauds);
    }

    private static async Task ScoredAsync(Process daemon, int port, int rows)
    {
        using var client = new HttpClient();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Bound)
        {
            if (daemon.HasExited)
                throw new InvalidOperationException($"The daemon ended with exit code {daemon.ExitCode}.");
            try
            {
                var metrics = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics")).ConfigureAwait(false);
                var line = metrics.Split('\n').FirstOrDefault(l => l.StartsWith("aeanomaly_records_scored_total", StringComparison.Ordinal));
                if (line is not null && double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture) >= rows)
                    return;
            }
            catch (HttpRequestException)
            {
                // It is still starting.
            }

            await Task.Delay(200).ConfigureAwait(false);
        }

        throw new TimeoutException($"Not {rows} records scored within {Bound.TotalMinutes} minutes.");
    }

    private static Process Start(Arguments arguments, Dictionary<string, string> environment, params string[] command)
    {
        var start = new Product(arguments.Program).Command(command);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"'{start.FileName}' did not start.");
    }

    private static async Task<string> CommandAsync(Arguments arguments, Dictionary<string, string> environment, params string[] command)
    {
        using var process = Start(arguments, environment, command);
        var output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"aeanomaly {string.Join(' ', command)}: exit code {process.ExitCode}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

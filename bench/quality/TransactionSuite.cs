using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Bench.Quality;

/// <summary>
/// Replays card payments through a real broker as a user would: the first part, <c>init</c> on the topic, <c>run</c>, the second part; then reads the alerts back, and asks <c>evaluate</c> which records it
/// flags with the same configuration.
/// </summary>
internal sealed class TransactionSuite(Arguments arguments, Product product)
{
    // The daemon's own default.
    private const string Seed = "1";

    private readonly string _bootstrap = arguments.Bootstrap ?? throw new ArgumentException("--bootstrap is missing: transactions are replayed through a real broker.");

    /// <summary>Measures one set on topics of so many partitions.</summary>
    public async Task<TransactionRun> RunAsync(PaymentSet set, int partitions)
    {
        var folder = Directory.CreateTempSubdirectory("aeanomaly-bench-").FullName;
        try
        {
            var clock = Stopwatch.StartNew();
            var (first, second, mask) = set.Write(folder);
            var topic = string.Create(CultureInfo.InvariantCulture, $"transactions-{partitions}-{Guid.NewGuid():N}")[..24];
            await TopicAdministration.CreateAsync(_bootstrap, [topic, topic + ".alerts", topic + ".dead-letters"], partitions, CancellationToken.None).ConfigureAwait(false);
            await ReplayAsync(set, first, topic).ConfigureAwait(false);
            var configuration = Path.Combine(folder, "transactions.yaml");
            await product.RunAsync("init", "--topic", topic, "--bootstrap", _bootstrap, "--label", PaymentSet.Label, "--name", topic, "--out", configuration).ConfigureAwait(false);
            var environment = Environment(set, folder, configuration);

            await using (var daemon = new PaymentDaemon(product, configuration, environment))
            {
                await daemon.ScoredAsync(set.TrainingRows).ConfigureAwait(false);
                await ReplayAsync(set, second, topic).ConfigureAwait(false);
                await daemon.ScoredAsync(set.Rows).ConfigureAwait(false);
                await daemon.StopAsync().ConfigureAwait(false);
            }

            var (alerted, learned) = ReadAlerts(set, topic, partitions);
            var seconds = clock.Elapsed.TotalSeconds;
            var scores = Path.Combine(folder, "scores.csv");
            var evaluation = await product.EvaluateAsync(
                environment, "--config", configuration, "--data", set.File, "--label", PaymentSet.Label, "--split", mask + ":0", "--seed", Seed, "--write-scores", scores).ConfigureAwait(false);
            var flagged = Flagged(scores, evaluation.GetProperty("threshold").GetDouble());
            int[] common = [.. alerted.Intersect(flagged)];
            return new TransactionRun(
                set.Name, partitions, set.Rows, learned, set.Rows - set.TrainingRows, set.Frauds, alerted.Count, alerted.Count(set.IsFraud), evaluation.GetProperty("train_rows").GetInt32(),
                flagged.Count, flagged.Count(set.IsFraud), common.Length, common.Count(set.IsFraud), evaluation.GetProperty("auc_pr").GetDouble(), evaluation.GetProperty("auc_roc").GetDouble(), seconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, string> Environment(PaymentSet set, string folder, string configuration)
    {
        var fields = File.ReadLines(configuration).Where(line => line.Contains("- { name:", StringComparison.Ordinal)).ToList();
        var environment = new Dictionary<string, string>
        {
            ["AEANOMALY__MODELS__DIRECTORY"] = Path.Combine(folder, "models"),
            ["AEANOMALY__DETECTORS__0__TRAINING__MAX_RECORDS"] = "1000000",
            ["AEANOMALY__DETECTORS__0__THRESHOLD__METHOD"] = "alert_rate",
            ["AEANOMALY__DETECTORS__0__THRESHOLD__ALERT_RATE"] = FormattableString.Invariant($"{Suite.AlertRate}"),
        };
        foreach (var answer in set.Answers)
            environment[string.Create(CultureInfo.InvariantCulture, $"AEANOMALY__DETECTORS__0__FIELDS__{fields.FindIndex(f => f.Contains($"name: {answer},", StringComparison.Ordinal))}__KIND")] = "ignore";
        return environment;
    }

    // Keyed, so that all that a key does comes in one partition and in its order.
    private Task<string> ReplayAsync(PaymentSet set, string file, string topic) =>
        product.RunAsync("replay", "--data", file, "--topic", topic, "--bootstrap", _bootstrap, "--time-field", PaymentSet.Clock, "--key-field", set.Key);

    private (HashSet<int> Rows, int Learned) ReadAlerts(PaymentSet set, string topic, int partitions)
    {
        var places = RowsByPlace(set, topic, partitions);
        var (rows, learned) = (new HashSet<int>(), 0);
        TopicContent.Read(_bootstrap, topic + ".alerts", partitions, message =>
        {
            using var alert = JsonDocument.Parse(message.Value);
            var root = alert.RootElement;
            if (root.GetProperty("action").GetString() == "close")
                return;
            var evidence = root.GetProperty("evidence");
            var row = places[(evidence.GetProperty("partition").GetInt32(), evidence.GetProperty("offset").GetInt64())];
            if (row < set.TrainingRows)
                return;
            rows.Add(row);
            learned = root.GetProperty("model").GetProperty("training_window").GetProperty("records").GetInt32();
        });
        return (rows, learned);
    }

    /// <summary>Finds out which row of the file lies where in the topic. Rows that are alike to the last digit are of one key, and so in their order in one partition.</summary>
    private Dictionary<(int Partition, long Offset), int> RowsByPlace(PaymentSet set, string topic, int partitions)
    {
        var rows = new Dictionary<string, Queue<int>>(set.Rows, StringComparer.Ordinal);
        for (var row = 0; row < set.Rows; row++)
        {
            if (!rows.TryGetValue(set.Line(row), out var alike))
                rows.Add(set.Line(row), alike = new Queue<int>(1));
            alike.Enqueue(row);
        }

        var places = new Dictionary<(int, long), int>(set.Rows);
        TopicContent.Read(_bootstrap, topic, partitions, message =>
        {
            using var record = JsonDocument.Parse(message.Value);
            var line = string.Join(',', set.Header.Select(name => record.RootElement.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : record.RootElement.GetProperty(name).GetRawText()));
            places.Add((message.Partition, message.Offset), rows[line].Dequeue());
        });
        return places.Count == set.Rows ? places : throw new InvalidOperationException($"Topic '{topic}' holds {places.Count} records of {set.Rows} replayed.");
    }

    private static HashSet<int> Flagged(string scores, double threshold) =>
        [.. File.ReadLines(scores).Skip(1).Select(line => line.Split(',')).Where(cells => float.Parse(cells[2], CultureInfo.InvariantCulture) > threshold).Select(cells => int.Parse(cells[0], CultureInfo.InvariantCulture) - 1)];
}

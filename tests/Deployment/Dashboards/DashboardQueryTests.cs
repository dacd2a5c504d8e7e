using System.Text.RegularExpressions;
using AEAnomaly.Deployment.Tests.Rules;
using AEAnomaly.Integration.Tests;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Dashboards;

/// <summary>A real Prometheus scrapes a daemon under load; every query of every panel gives numbers, every legend has its labels, every rule can be evaluated.</summary>
[Collection(BrokerFixture.Collection)]
public sealed partial class DashboardQueryTests(BrokerFixture brokers)
{
    [RequiresToolFact("prometheus")]
    public async Task Queries_OnADaemonUnderLoad_GiveNumbers()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        var readings = new MeterReadings(17);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        using var prometheus = new PrometheusServer(new Uri(harness.Address).Authority, RuleFile.Path);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        // A rate needs two values: the second training comes when the first has been read.
        await Eventually.TrueAsync(
            async () => (await prometheus.QueryAsync("aeanomaly_training_duration_seconds_count")).Count > 0, DaemonHarness.Bound, "the first training was read");
        await harness.PostAsync("/api/detectors/meters/retrain");

        using var ended = new CancellationTokenSource();
        var load = Task.Run(() => LoadAsync(harness, readings, ended.Token));
        var missing = new List<string>();
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    missing = await MissingAsync(prometheus);
                    return missing.Count == 0;
                },
                DaemonHarness.Bound, "every query gives numbers", () => string.Join('\n', missing));
            Assert.Equal([], await prometheus.RuleErrorsAsync());
        }
        finally
        {
            await ended.CancelAsync();
            await load;
        }
    }

    // Normal, faulty and unreadable records, and some without a value, a few times a second.
    private static async Task LoadAsync(DaemonHarness harness, MeterReadings readings, CancellationToken cancellationToken)
    {
        using var writer = new TopicWriter(harness.Broker, harness.Topic);
        using var turns = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        do
        {
            harness.Write(readings, 60, faulty: 2);
            writer.Write("m", "no JSON");
            writer.Write("m", null);
        }
        while (await turns.WaitForNextTickAsync(cancellationToken).AsTask().ContinueWith(tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default));
    }

    private static async Task<List<string>> MissingAsync(PrometheusServer prometheus)
    {
        var missing = new List<string>();
        foreach (var dashboard in DashboardFile.All)
        {
            var values = new Dictionary<string, string> { ["__rate_interval"] = "10s" };
            foreach (var (name, query) in dashboard.Variables)
            {
                var asked = LabelValues().Match(Fill(query, values));
                var found = await prometheus.LabelValuesAsync(asked.Groups[2].Value, asked.Groups[1].Value);
                if (found.Count == 0)
                    missing.Add($"{dashboard.Name}: variable {name} has no value");
                values[name] = string.Join('|', found);
            }

            foreach (var (place, query, legend) in dashboard.Queries)
            {
                // What marks the moments of an event has no numbers while it does not happen; what it counts has.
                var series = await prometheus.QueryAsync(Fill(OnlyWhenAboveZero().Replace(query, ""), values));
                if (!series.Any(one => one.Values.Length > 0))
                    missing.Add($"{place}: no numbers from {query}");
                else if (LegendLabel().Matches(legend).Select(match => match.Groups[1].Value).FirstOrDefault(label => series.Any(one => one.Labels[label] is null)) is { } label)
                    missing.Add($"{place}: no label {label} for the legend '{legend}'");
            }
        }

        return missing;
    }

    private static string Fill(string query, Dictionary<string, string> values) => Variable().Replace(query, match => values[match.Groups[1].Value]);

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(" > 0$")]
    private static partial Regex OnlyWhenAboveZero();

    [GeneratedRegex(@"^label_values\((.*), (\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex LegendLabel();
}

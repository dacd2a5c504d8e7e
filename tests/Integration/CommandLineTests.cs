using System.Text.Json;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>The commands beside a daemon that runs: models, and init followed by run.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class CommandLineTests(BrokerFixture brokers)
{
    [Fact]
    public async Task Models_AgainstARunningDaemon_RetrainListShowAndRollBack()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        harness.Write(new MeterReadings(51), DaemonHarness.TrainingRecords + 300);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 300);
        var first = harness.Status.ModelVersion!;

        var retrain = await CommandRun.Of("models", "retrain", "meters", "--url", harness.Address);
        Assert.Equal((0, "meters: Retraining of 'meters' was asked for; it scores on meanwhile."), (retrain.ExitCode, Assert.Single(retrain.OutputLines)));
        await Eventually.TrueAsync(
            () => harness.Status.ModelVersion != first && !harness.Status.Retraining, DaemonHarness.Bound, "another version scores", () => $"{harness.Status}, log:\n{harness.Log}");
        var second = harness.Status.ModelVersion!;
        Assert.Equal([(second, true, "request"), (first, false, "bootstrap")], await ListAsync(harness));

        var show = await CommandRun.Of("models", "show", "meters", first, "--dir", harness.ModelFolder);
        Assert.Equal(0, show.ExitCode);
        Assert.Equal(first, JsonSerializer.Deserialize<JsonElement>(show.Output).GetProperty("manifest").GetProperty("version").GetString());

        var rollback = await CommandRun.Of("models", "rollback", "meters", "--url", harness.Address);
        Assert.Equal((0, $"meters: 'meters' scores with version {first} now."), (rollback.ExitCode, Assert.Single(rollback.OutputLines)));
        Assert.Equal(first, harness.Status.ModelVersion);
        Assert.Equal([(second, false, "request"), (first, true, "bootstrap")], await ListAsync(harness));

        var unknown = await CommandRun.Of("models", "rollback", "meters", "20200101T000000Z-00000000", "--url", harness.Address);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("has no version '20200101T000000Z-00000000'", unknown.Error, StringComparison.Ordinal);
        Assert.Contains(first, unknown.Error, StringComparison.Ordinal);
        var other = await CommandRun.Of("models", "retrain", "metres", "--url", harness.Address);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("There is no detector 'metres'; there is meters.", other.Error, StringComparison.Ordinal);
        Assert.Equal(first, harness.Status.ModelVersion);
    }

    [Fact]
    public async Task Run_ConfigurationThatInitWroteFromATopic_ScoresAndEndsOnSigterm()
    {
        var broker = brokers.Broker;
        using var folder = new TemporaryFolder();
        var topic = await broker.CreateUniqueTopicAsync("readings", 2);
        var file = folder["meters.yaml"];
        using (var writer = new TopicWriter(broker, topic))
        {
            var readings = new MeterReadings(52);
            for (var i = 0; i < 2500; i++)
            {
                var (key, value) = readings.Normal();
                writer.Write(key, value);
            }
        }

        var init = await CommandRun.Of("init", "--topic", topic, "--bootstrap", broker.BootstrapServers, "--out", file);
        Assert.True(init.ExitCode == 0, init.Error);
        var check = await CommandRun.Of("check", "--config", file);
        Assert.True(check.ExitCode == 0, check.Error);
        var options = ConfigurationLoader.Load(file, new Dictionary<string, string>());
        await broker.CreateTopicAsync(options.Detectors[0].AlertTopicName);
        await broker.CreateTopicAsync(options.Detectors[0].DeadLetterTopicName);

        var address = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        using var daemon = ProductProcess.Start(
            folder.Path,
            [("AEANOMALY__HTTP__LISTEN", address), ("AEANOMALY__KAFKA__GROUP_ID", broker.UniqueName("group")), ("AEANOMALY__DETECTORS__0__FIT__MAX_STEPS", "300")],
            "run", "--config", file);
        await daemon.AnswersAsync(address + "/health/ready", DaemonHarness.Bound);
        using (var client = new HttpClient())
        {
            var metrics = "";
            await Eventually.TrueAsync(
                async () => (metrics = await client.GetStringAsync(new Uri(address + "/metrics"))).Contains(
                    $"aeanomaly_records_scored_total{{detector=\"{options.Detectors[0].Name}\"}} 2500\n", StringComparison.Ordinal),
                DaemonHarness.Bound, "all records are scored", () => metrics);
        }

        // The consumer's bound, the host's room for it, and the runtime's own end.
        var exitCode = await daemon.TerminateAsync(options.Kafka.ShutdownTimeout + TimeSpan.FromSeconds(10));

        Assert.True(exitCode == 0, $"exit code {exitCode}:\n{string.Join('\n', daemon.ErrorLines)}");
        Assert.All(daemon.ErrorLines, line => Assert.Equal(JsonValueKind.Object, JsonSerializer.Deserialize<JsonElement>(line).ValueKind));
        Assert.Contains(daemon.ErrorLines, line => line.Contains("\"EventId\":4000", StringComparison.Ordinal));
    }

    private static async Task<(string? Version, bool Current, string? Trigger)[]> ListAsync(DaemonHarness harness)
    {
        var list = await CommandRun.Of("models", "list", "meters", "--dir", harness.ModelFolder, "--output", "json");
        Assert.True(list.ExitCode == 0, list.Error);
        return
        [
            .. JsonSerializer.Deserialize<JsonElement>(list.Output).EnumerateArray()
                .Select(v => (v.GetProperty("version").GetString(), v.GetProperty("current").GetBoolean(), v.GetProperty("trigger").GetString())),
        ];
    }
}

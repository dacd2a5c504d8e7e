using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AEAnomaly.Detection.Registry;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Replicas that keep their models in one folder score with one model, whichever of them trained it, and whatever becomes of that one.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class ReplicaTests(BrokerFixture brokers)
{
    private const int TrainingRecords = 2_000;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Start_TwoMembersOneFolder_OneTrainsAndBothFollowItsVersions()
    {
        await using var one = await DaemonHarness.CreateAsync(brokers.Broker, partitions: 2);
        await using var two = one.AnotherMember();
        one.Write(new MeterReadings(51), DaemonHarness.TrainingRecords);
        await one.StartAsync();
        await two.StartAsync();

        await SameAsync("both score with the version that one of them trained", null);
        var first = one.Status.ModelVersion!;
        Assert.Equal([(first, "bootstrap")], Stored());

        await Eventually.TrueAsync(() => IsSharing(one) && IsSharing(two), DaemonHarness.Bound, "they know of each other", () => $"{one.Log}\n{two.Log}");

        await two.PostAsync("/api/detectors/meters/retrain");
        await SameAsync("both score with the version that two trained", first);
        var second = two.Status.ModelVersion!;
        Assert.Equal([(second, "request"), (first, "bootstrap")], Stored());

        await one.PostAsync("/api/detectors/meters/rollback");
        await SameAsync("both score with the version that one went back to", second);
        Assert.Equal(first, two.Status.ModelVersion);
        Assert.DoesNotContain("cannot tell other processes", one.Log + two.Log, StringComparison.Ordinal);

        static bool IsSharing(DaemonHarness member) =>
            member.Daemon.State.Detectors[0] is var detector && detector.Consumer.Status is { AssignedPartitions: 1, TopicPartitions: 2 } && detector.Detector.SharesModels;

        Task SameAsync(string what, string? before) => Eventually.TrueAsync(
            () => one.Status is { ModelVersion: { } version, Retraining: false } && version != before && version == two.Status.ModelVersion && !two.Status.Retraining,
            DaemonHarness.Bound, what, () => $"{one.Status}\n{two.Status}\n{one.Log}\n{two.Log}");

        (string, string)[] Stored() => [.. new DirectoryModelStore(one.ModelFolder).List("meters").Select(version => (version.Version, version.Manifest!.Trigger))];
    }

    [RealBrokerFact]
    public async Task Run_ProcessKilledInTheFirstTraining_AnotherTrainsSoonAndAllFollow()
    {
        using var folder = new TemporaryFolder();
        var broker = brokers.Broker;
        var input = broker.UniqueName("readings");
        await broker.CreateTopicAsync(input, 2);
        var config = folder.Write("meters.yaml", await ConfigureAsync(broker, input, folder["models"]));
        using (var writer = new TopicWriter(broker, input))
        {
            var readings = new MeterReadings(52);
            for (var i = 0; i < TrainingRecords; i++)
            {
                var (key, value) = readings.Normal();
                writer.Write(key, value);
            }
        }

        var addresses = FreePorts.Take(3).Select(port => $"http://127.0.0.1:{port}").ToArray();

        // One trains without end, the other waits for it.
        using var killed = Start(0, ("AEANOMALY__DETECTORS__0__FIT__MAX_STEPS", "10000000"), ("AEANOMALY__DETECTORS__0__FIT__PATIENCE", "0"));
        await killed.LogsAsync(2004, Bound);
        using var waiting = Start(1);
        await waiting.LogsAsync(2030, Bound);
        using var client = new HttpClient();
        using (var answer = await client.GetAsync(new Uri(addresses[1] + "/health/ready")))
        {
            var detector = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detectors")[0];
            Assert.Equal("training", detector.GetProperty("state").GetString());
            Assert.Matches("^another process \\(replica-0, process [0-9]+\\) trains the first version since 20[0-9TZ:-]+; it is taken over when it is stored$", detector.GetProperty("reason").GetString());
        }

        await killed.KillAsync();
        var since = Stopwatch.GetTimestamp();
        await waiting.LogsAsync(2033, Bound);
        // 30 s after it was last heard of; the rest is for a machine that is busy.
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(50));
        await waiting.AnswersAsync(addresses[1] + "/health/ready", Bound);
        var first = await VersionAsync(1);

        using var late = Start(2);
        await late.AnswersAsync(addresses[2] + "/health/ready", Bound);
        Assert.Equal(first, await VersionAsync(2));
        Assert.Single(Directory.GetDirectories(folder["models", "meters"]));

        using (var answer = await client.PostAsync(new Uri(addresses[2] + "/api/detectors/meters/retrain"), null))
            answer.EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => await VersionAsync(2) is var version && version != first && version == await VersionAsync(1), Bound, "both score with the new one", Logs);
        Assert.Equal(2, Directory.GetDirectories(folder["models", "meters"]).Length);

        Assert.Equal(0, await waiting.TerminateAsync(Bound));
        Assert.Equal(0, await late.TerminateAsync(Bound));

        ProductProcess Start(int number, params (string Name, string Value)[] variables) => ProductProcess.Start(
            folder.Path, [("AEANOMALY__HTTP__LISTEN", addresses[number]), ("AEANOMALY__KAFKA__INSTANCE_ID", $"replica-{number}"), .. variables], "run", "--config", config);

        async Task<string?> VersionAsync(int number) =>
            (await client.GetFromJsonAsync<JsonElement>(new Uri(addresses[number] + "/api/detectors/meters"))).GetProperty("model_version").GetString();

        string Logs() => string.Join('\n', waiting.ErrorLines.Concat(late.ErrorLines));
    }

    private static async Task<string> ConfigureAsync(TestBroker broker, string input, string models) => $$"""
        kafka: { bootstrap_servers: "{{broker.BootstrapServers}}", group_id: "{{broker.UniqueName("group")}}", shutdown_timeout: 5s }
        models: { directory: "{{models}}" }
        http: { listen: "http://127.0.0.1:0" }
        detectors:
          - name: meters
            topics: ["{{input}}"]
            dead_letter_topic: "{{await broker.CreateUniqueTopicAsync("dead")}}"
            fields: {{MeterReadings.Fields}}
            fit: { max_steps: 300 }
            training: { window: null, min_records: {{TrainingRecords * 3 / 4}}, max_records: {{TrainingRecords}} }
            alerts: { topic: "{{await broker.CreateUniqueTopicAsync("alerts")}}" }
        """;
}

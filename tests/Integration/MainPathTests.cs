using System.Net;
using System.Text.Json;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>The main path on a real daemon, once on the embedded cluster and once on Apache Kafka.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class MainPathTests(BrokerFixture brokers)
{
    [Theory]
    [BrokerData(BrokerKind.Embedded)]
    [BrokerData(BrokerKind.Real)]
    public async Task Run_WithoutAModel_TrainsFromHistoryThenScoresAlertsAndDeadLetters(BrokerKind kind)
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Of(kind));
        var readings = new MeterReadings(1);
        harness.Write(readings, DaemonHarness.TrainingRecords + 500);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 500);

        harness.Write(readings, 100, faulty: 5);
        WriteDamaged(harness);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 605);

        var expected = Enumerable.Range(DaemonHarness.TrainingRecords + 600, 5).ToList();
        var alerts = harness.ReadAlerts(expected);
        Assert.All(alerts, a => Assert.True(a.GetProperty("ratio").GetDouble() > 1));
        var faulty = alerts.Where(a => expected.Contains(DaemonHarness.SequenceOf(a))).ToList();
        Assert.All(faulty, a => Assert.Equal("power", a.GetProperty("features")[0].GetProperty("name").GetString()));
        Assert.All(faulty, a => Assert.Contains("power", a.GetProperty("sentence").GetString(), StringComparison.Ordinal));
        Assert.All(faulty, a => Assert.Equal(harness.Topic, a.GetProperty("evidence").GetProperty("topic").GetString()));
        // Few of the many normal readings may be flagged: the threshold is their 99.9 % quantile.
        Assert.InRange(alerts.Count - faulty.Count, 0, 20);

        var dead = TopicReader.ReadCount(harness.Broker, harness.Detector.DeadLetterTopicName, 3, DaemonHarness.Bound);
        Assert.Equal(["malformed", "missing_field", "wrong_type"], dead.Select(d => d.Header("aeanomaly.reason")).Order(StringComparer.Ordinal));
        Assert.All(dead, d => Assert.Equal(harness.Topic, d.Header("aeanomaly.topic")));
        Assert.Contains(dead, d => d.ValueText == Truncated && d.KeyText == "k1");
        Assert.Equal(DaemonHarness.TrainingRecords + 605, harness.Scored);
        await Eventually.TrueAsync(() => harness.DeadLettered == 3, DaemonHarness.Bound, "three dead letters are counted");
    }

    [Theory]
    [BrokerData(BrokerKind.Embedded)]
    [BrokerData(BrokerKind.Real)]
    public async Task Restart_InTheMiddleOfAStream_GoesOnWithTheSameModelAndMissesNothing(BrokerKind kind)
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Of(kind));
        var readings = new MeterReadings(2);
        harness.Write(readings, DaemonHarness.TrainingRecords + 100);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 100);
        var version = harness.Daemon.State.Detectors[0].Detector.Status.ModelVersion;
        await harness.StopAsync();

        harness.Write(readings, 300, faulty: 4);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 404);

        Assert.Equal(version, harness.Daemon.State.Detectors[0].Detector.Status.ModelVersion);
        // An orderly stop commits what it scored: nothing comes twice.
        Assert.Equal(DaemonHarness.TrainingRecords + 404, harness.Scored);
        var faulty = harness.ReadAlerts(Enumerable.Range(DaemonHarness.TrainingRecords + 400, 4)).Where(a => DaemonHarness.SequenceOf(a) >= DaemonHarness.TrainingRecords + 400);
        Assert.All(faulty, a => Assert.Equal(version, a.GetProperty("model").GetProperty("version").GetString()));
    }

    [Theory]
    [BrokerData(BrokerKind.Embedded)]
    [BrokerData(BrokerKind.Real)]
    public async Task Retrain_OnRequest_SwapsTheVersionWhileScoringGoesOn_AndRollbackSwapsBack(BrokerKind kind)
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Of(kind));
        var readings = new MeterReadings(3);
        const int Before = DaemonHarness.TrainingRecords + 300;
        harness.Write(readings, Before);
        await harness.StartAsync();
        await harness.ScoredAsync(Before);
        var detector = harness.Daemon.State.Detectors[0].Detector;
        var first = detector.Status.ModelVersion;

        await harness.PostAsync("/api/detectors/meters/retrain");
        harness.Write(readings, 500);
        await Eventually.TrueAsync(
            () => detector.Status.ModelVersion != first && !detector.Status.Retraining, DaemonHarness.Bound, "another version scores", () => $"{detector.Status}, log:\n{harness.Log}");
        var second = detector.Status.ModelVersion;
        await harness.ScoredAsync(Before + 500);
        harness.Write(readings, 0, faulty: 2);
        await harness.ScoredAsync(Before + 502);

        var answer = await harness.PostAsync("/api/detectors/meters/rollback");
        Assert.Equal(first, answer.GetProperty("version").GetString());
        harness.Write(readings, 0, faulty: 2);
        await harness.ScoredAsync(Before + 504);

        var alerts = harness.ReadAlerts(Enumerable.Range(Before + 500, 4));
        Assert.Equal([second, second], Versions(alerts, Before + 500, Before + 502));
        Assert.Equal([first, first], Versions(alerts, Before + 502, Before + 504));
        Assert.Equal(Before + 504, harness.Scored);
    }

    [Theory]
    [BrokerData(BrokerKind.Embedded)]
    [BrokerData(BrokerKind.Real)]
    public async Task Health_FromWarmingToScoring_SaysWhatIsMissing(BrokerKind kind)
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Of(kind));
        harness.Write(new MeterReadings(4), 100);
        await harness.StartAsync();
        var detector = harness.Daemon.State.Detectors[0].Detector;
        await Eventually.TrueAsync(() => detector.Status.Reason.Contains("100 so far", StringComparison.Ordinal), DaemonHarness.Bound, "it says how many records there are", () => detector.Status.ToString());

        var (code, body) = await GetAsync(harness.Address + "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
        Assert.Equal("warming", body.GetProperty("detectors")[0].GetProperty("state").GetString());
        Assert.Contains("waiting for 1,500 records, 100 so far", body.GetProperty("detectors")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        (code, _) = await GetAsync(harness.Address + "/health/live");
        Assert.Equal(HttpStatusCode.OK, code);

        harness.Write(new MeterReadings(5), DaemonHarness.TrainingRecords);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 100);
        (code, body) = await GetAsync(harness.Address + "/health/ready");
        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal("scoring", body.GetProperty("detectors")[0].GetProperty("state").GetString());
        Assert.Equal(DetectorState.Scoring, detector.Status.State);
    }

    private const string Truncated = "{\"id\":\"x\",\"meter\":\"meter-01\",\"reading\":{\"curr";

    private static void WriteDamaged(DaemonHarness harness)
    {
        using var writer = new TopicWriter(harness.Broker, harness.Topic);
        writer.Write("k1", Truncated);
        writer.Write("k2", "{\"id\":\"y\",\"reading\":{\"current\":9,\"voltage\":230,\"power\":2070},\"mode\":\"eco\"}");
        writer.Write("k3", "{\"id\":\"z\",\"meter\":\"meter-02\",\"reading\":{\"current\":[9],\"voltage\":230,\"power\":2070},\"mode\":\"eco\"}");
    }

    private static async Task<(HttpStatusCode Code, JsonElement Body)> GetAsync(string address)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(address));
        return (response.StatusCode, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()));
    }

    private static IEnumerable<string?> Versions(IEnumerable<JsonElement> alerts, int from, int to) =>
        alerts.Where(a => DaemonHarness.SequenceOf(a) >= from && DaemonHarness.SequenceOf(a) < to).Select(a => a.GetProperty("model").GetProperty("version").GetString());
}

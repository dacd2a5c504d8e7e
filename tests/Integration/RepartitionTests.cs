using System.Text;
using System.Text.Json;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>A daemon whose keys come in several partitions: it says so, and with a topic to write them on to it judges them as one that gets each from one partition.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class RepartitionTests(BrokerFixture brokers)
{
    private const int Readings = DaemonHarness.TrainingRecords + 100;

    [Fact]
    public async Task Run_KeysInSeveralPartitions_SaysSoUntilTheyAreWrittenOn()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        harness.Detector.History = new HistoryOptions { Remember = [new HistoryItem { Count = true }, new HistoryItem { Sum = "power" }, new HistoryItem { Share = "mode" }] };
        harness.Detector.Fit.MaxSteps = 60;
        harness.Detector.Threshold.Quantile = 0.5;
        var written = Write(harness);
        await harness.StartAsync();
        await harness.ScoredAsync(Readings);
        await Eventually.TrueAsync(async () => (await LastErrorAsync(harness))?.Contains("come in several partitions", StringComparison.Ordinal) == true, DaemonHarness.Bound, "health says so");
        Assert.NotEqual(0, await ScatteredAsync(harness));
        await harness.StopAsync();

        harness.Detector.History.Repartition = await brokers.Broker.CreateUniqueTopicAsync("copies", 3);
        harness.Detector.Alerts.Topic = await brokers.Broker.CreateUniqueTopicAsync("alerts");
        await harness.StartAsync();
        await harness.ScoredAsync(2 * Readings);
        Assert.Null(await LastErrorAsync(harness));
        Assert.Equal(0, await ScatteredAsync(harness));
        Assert.Equal(Readings, harness.Daemon.Metrics.Total("aeanomaly_records_repartitioned"));
        await harness.StopAsync();

        var alerts = TopicReader.ReadToEnd(brokers.Broker, harness.Detector.AlertTopicName, DaemonHarness.Bound)
            .Select(record => JsonSerializer.Deserialize<JsonElement>(record.Value)).Where(alert => alert.GetProperty("action").GetString() != "close").ToList();
        Assert.InRange(alerts.Count, Readings / 10, Readings);
        foreach (var alert in alerts)
        {
            var evidence = alert.GetProperty("evidence");
            Assert.Equal(written[DaemonHarness.SequenceOf(alert)], (evidence.GetProperty("topic").GetString(), evidence.GetProperty("partition").GetInt32(), evidence.GetProperty("offset").GetInt64()));
            Assert.Equal(harness.Detector.History.Repartition, evidence.GetProperty("copy").GetProperty("topic").GetString());
        }
    }

    private static List<(string? Topic, int Partition, long Offset)> Write(DaemonHarness harness)
    {
        var readings = new MeterReadings(81);
        using var writer = new TopicWriter(harness.Broker, harness.Topic);
        var places = new List<(string?, int, long)>();
        for (var i = 0; i < Readings; i++)
        {
            writer.Write(null, Encoding.UTF8.GetBytes(readings.Normal().Value), i % 3);
            places.Add((harness.Topic, i % 3, i / 3));
        }

        return places;
    }

    // Measured when it is asked for.
    private static async Task<double> ScatteredAsync(DaemonHarness harness)
    {
        using var client = new HttpClient { BaseAddress = new Uri(harness.Address) };
        await client.GetStringAsync("/metrics");
        return harness.Daemon.Metrics.Total("aeanomaly_history_records_scattered");
    }

    private static async Task<string?> LastErrorAsync(DaemonHarness harness)
    {
        var (_, body) = await harness.GetAsync("/health/ready");
        return body.GetProperty("detectors")[0].GetProperty("last_error").GetString();
    }
}

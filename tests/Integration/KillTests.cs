using System.Globalization;
using System.Text.Json.Nodes;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>The daemon is killed again and again while records stream; a checker holds what it published against what was written.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class KillTests(BrokerFixture fixture)
{
    /// <summary>How often it is killed: 30 times, or as AEANOMALY_TEST_KILLS says.</summary>
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("AEANOMALY_TEST_KILLS") ?? "30", CultureInfo.InvariantCulture);

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    [RealBrokerTheory]
    [InlineData("at_least_once")]
    [InlineData("exactly_once")]
    public async Task Run_KilledWhileRecordsStream_MissesNoneAndRepeatsNoneOrOnlyTheSame(string delivery)
    {
        using var folder = new TemporaryFolder();
        var scene = await KillScene.CreateAsync(fixture.Broker, folder, delivery);
        await scene.TrainAsync(Bound);

        using (var writing = new CancellationTokenSource())
        {
            var stream = scene.StreamAsync(writing.Token);
            var random = new Random(17);
            for (var kill = 0; kill < Kills; kill++)
            {
                using var daemon = scene.Start();
                // Some at any moment of the start, most while it reads.
                if (random.Next(4) > 0)
                    await daemon.LogsAsync(3001, Bound);
                await Task.Delay(random.Next(1_500));
                await daemon.KillAsync();
            }

            await writing.CancelAsync();
            await stream;
        }

        await scene.DrainAsync(Bound);
        var judged = scene.Read(scene.Scores).Select(record => JsonNode.Parse(record.Value)!).ToList();
        var dead = scene.Read(scene.DeadLetters);
        var alerts = scene.Read(scene.Alerts).Select(record => JsonNode.Parse(record.Value)!.AsObject()).ToList();

        Assert.Equal(scene.Written(), judged.Select(score => Place(score)).Concat(dead.Select(Place)).Distinct().Order());
        Assert.Empty(judged.GroupBy(Place).Where(same => same.Select(score => score.ToJsonString()).Distinct().Count() > 1).Select(same => same.Key));
        Assert.Equal(judged.Where(score => (string)score["verdict"]! == "anomaly").Select(Place).Distinct().Order(), Anomalies(alerts).Select(alert => Place(alert["evidence"]!)).Distinct().Order());
        AssertRepeatsAreTheSame(alerts);
        AssertEveryEpisodeOpens(alerts);
        if (delivery == "exactly_once")
        {
            Assert.Equal(scene.Written().Count, judged.Count + dead.Count);
            Assert.Equal(alerts.Count, alerts.DistinctBy(alert => (string)alert["id"]!).Count());
        }
        else
        {
            // It was killed in the middle of its work, and not only between two batches.
            Assert.True(judged.Count + dead.Count > scene.Written().Count, "no record was judged twice: no kill came between publishing and committing");
        }
    }

    private static void AssertRepeatsAreTheSame(List<JsonObject> alerts)
    {
        foreach (var same in alerts.GroupBy(alert => (string)alert["id"]!))
        {
            var bodies = same.Select(alert =>
            {
                var copy = alert.DeepClone().AsObject();
                copy.Remove("scored_time");
                return copy.ToJsonString();
            }).Distinct().ToList();
            Assert.True(bodies.Count == 1 || (string)same.First()["action"]! == "close", string.Join('\n', bodies));
        }

        Assert.Empty(Anomalies(alerts).GroupBy(alert => Place(alert["evidence"]!)).Where(same => same.Select(alert => (string)alert["id"]!).Distinct().Count() > 1).Select(same => same.Key));
    }

    // As a reader sees it that drops the ids it knows.
    private static void AssertEveryEpisodeOpens(List<JsonObject> alerts)
    {
        foreach (var episode in Anomalies(alerts).DistinctBy(alert => (string)alert["id"]!).GroupBy(alert => (string)alert["episode"]!["id"]!))
        {
            Assert.Equal("open", (string)episode.First()["action"]!);
            Assert.Equal(Enumerable.Range(1, episode.Count()), episode.Select(alert => (int)alert["episode"]!["sequence"]!).Order());
        }
    }

    private static IEnumerable<JsonObject> Anomalies(IEnumerable<JsonObject> alerts) => alerts.Where(alert => (string)alert["action"]! != "close");

    private static (int Partition, long Offset) Place(JsonNode of) => ((int)of["partition"]!, (long)of["offset"]!);

    private static (int Partition, long Offset) Place(TopicRecord letter) =>
        (int.Parse(letter.Header("aeanomaly.partition")!, CultureInfo.InvariantCulture), long.Parse(letter.Header("aeanomaly.offset")!, CultureInfo.InvariantCulture));
}

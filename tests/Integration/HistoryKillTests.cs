using System.Text.Json.Nodes;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>A daemon that remembers keys is killed again and again while records stream; what it then judges is held against a daemon that read the same records in one go.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class HistoryKillTests(BrokerFixture fixture)
{
    /// <summary>How often it is killed: 8 times, or as AEANOMALY_TEST_KILLS says.</summary>
    private static readonly int Kills = KillScene.KillsOr(8);

    private const int TakenOver = 2020;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    private const string History =
        "save_every: 200ms, remember: [count, { sum: power }, { usual: current }, { usual: current, of: all }, { share: mode }, { first_seen: mode }, gap]";

    [RealBrokerTheory]
    [InlineData("at_least_once")]
    [InlineData("exactly_once")]
    public async Task Run_KilledWhileRecordsStream_GivesEveryRecordTheScoreOfAnUndisturbedRun(string delivery)
    {
        using var folder = new TemporaryFolder();
        var scene = await KillScene.CreateAsync(fixture.Broker, folder, delivery, History);
        await scene.TrainAsync(Bound);
        // From here on there is always a file that can be taken over.
        await scene.DrainAsync(Bound);
        using (var writing = new CancellationTokenSource())
        {
            var stream = scene.StreamAsync(writing.Token);
            var random = new Random(23);
            for (var kill = 0; kill < Kills; kill++)
            {
                using var daemon = scene.Start();
                // Some at any moment of the start, most while it reads, and writes what it remembers.
                if (random.Next(4) > 0)
                    await daemon.LogsAsync(TakenOver, Bound);
                await Task.Delay(random.Next(3_000));
                await daemon.KillAsync();
            }

            await writing.CancelAsync();
            await stream;
        }

        await scene.DrainAsync(Bound);
        await scene.JudgeUndisturbedAsync(Bound);

        var expected = Scores(scene, scene.UndisturbedScores).ToDictionary(KillAccount.Place, Judgement);
        var judged = Scores(scene, scene.Scores).ToList();
        Assert.Equal(expected.Keys.Order(), judged.Select(KillAccount.Place).Distinct().Order());
        Assert.Empty(judged.Where(score => Judgement(score) != expected[KillAccount.Place(score)]).Select(score => $"{KillAccount.Place(score)}: {Judgement(score)}, undisturbed {expected[KillAccount.Place(score)]}").Order().Take(20));
        KillAccount.Note(
            delivery, $"{Kills} kills of one process that remembers keys; scores as undisturbed", scene.Written().Count, expected.Count, scene.Written().Count - expected.Count,
            judged.Count - expected.Count);
    }

    private static IEnumerable<JsonNode> Scores(KillScene scene, string topic) => scene.Read(topic).Select(record => JsonNode.Parse(record.Value)!);

    private static string Judgement(JsonNode score) => $"{score["verdict"]} {score["score"]?.ToJsonString()} {score["ratio"]?.ToJsonString()}";
}

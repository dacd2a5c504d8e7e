using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

public sealed class ScoresTopicTests
{
    private const string Scores = "scores";

    [Fact]
    public async Task RunAsync_ScoresTopic_HoldsEveryRecordOnceThatIsNoDeadLetter()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Cluster.CreateTopic(Scores, 1);
        scene.Produce(0, 20);
        scene.Produce("card9"u8.ToArray(), "rubbish"u8.ToArray());
        scene.Produce("card9"u8.ToArray(), null);
        scene.Produce(20, 80);
        var processor = new RecordingProcessor
        {
            Alerts = number => number % 2 == 0,
            Refuses = number => number == 33,
            BeforeBatch = batch =>
            {
                if (batch.Numbers(1).Contains(44))
                    throw new InvalidOperationException("forty-four");
            },
        };
        await using var running = scene.Start(processor, scores: Scores);

        var scores = scene.Read(Scores, 98);
        var letters = scene.Read(IngestScene.DeadLetterTopic, 3);
        await running.StopAsync();

        Assert.Equal((98, 3, 102), (scene.End(Scores), scene.End(IngestScene.DeadLetterTopic), scene.Committed(partitions: 1)));
        var account = scores.Select(score => (long)Body(score)["offset"]!).Concat(letters.Select(letter => long.Parse(Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes("aeanomaly.offset")))));
        Assert.Equal(Enumerable.Range(0, 102).Where(offset => offset != 21).Select(offset => (long)offset), account.Order());
        var seventh = scores.Single(score => (long)Body(score)["offset"]! == 7);
        Assert.Equal("card0", Encoding.UTF8.GetString(seventh.Message.Key!));
        Assert.Equal("""{"detector":"payments","topic":"in","partition":0,"offset":7,"verdict":"normal","score":7,"ratio":0.07,"model_version":"v1"}""", Encoding.UTF8.GetString(seventh.Message.Value!));
        Assert.Equal(
            """{"detector":"payments","topic":"in","partition":0,"offset":5,"verdict":"warming","score":null,"ratio":null,"model_version":"v1"}""",
            Encoding.UTF8.GetString(scores.Single(score => (long)Body(score)["offset"]! == 5).Message.Value!));
    }

    [Fact]
    public async Task RunAsync_ScoresRefused_NothingIsCommittedUntilTheyAreTaken()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Cluster.CreateTopic(Scores, 1);
        scene.Produce(0, 10);
        scene.Cluster.PushErrors(0, [.. Enumerable.Repeat((int)ErrorCode.TopicAuthorizationFailed, 4)]);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, scores: Scores);
        await IngestScene.Until(() => running.Consumer.Status is { CanPublish: false, LastError: { } error } && error.Contains("'scores' may not be written", StringComparison.Ordinal), "the status says so", () => $"{running.Consumer.Status}");
        Assert.Equal(0, scene.Committed(partitions: 1));

        scene.Cluster.ClearErrors(0);

        Assert.Equal(10, scene.Read(Scores, 10).Count);
        await running.StopAsync();
        Assert.Equal(10, scene.Committed(partitions: 1));
    }

    private static JsonObject Body(ConsumeResult<byte[]?, byte[]?> score) => JsonNode.Parse(score.Message.Value)!.AsObject();
}

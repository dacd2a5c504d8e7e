using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>Messages that a topic refuses as too large go out shortened, whatever the delivery, and the stream goes on.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class TooLargeOutputTests(BrokerFixture fixture)
{
    private const int Limit = 6_000;

    // Enough that some wait in the client when the large one is refused.
    private const int Small = 300;

    [RealBrokerTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_DeadLetterAboveTheLimitOfItsTopic_IsCutOnceAndTheRestGoesOn(bool isExactlyOnce)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: isExactlyOnce, outputBytes: Limit);
        using var shortened = new CounterReading(scene.Metrics, "aeanomaly.messages.shortened");
        var value = Encoding.UTF8.GetBytes(new string('x', 30_000));
        KeyValuePair<string, byte[]?>[] headers = [new("trace", new byte[4_000]), new("more", new byte[4_000])];
        using (var producer = new TopicProducer(scene.Options()))
        {
            producer.Produce(scene.Input, new byte[5_000], value, headers);
            for (var i = 0; i < Small; i++)
                producer.Produce(scene.Input, null, "rubbish"u8.ToArray());
            Assert.True(producer.Flush(IngestScene.Bound));
        }

        scene.Produce(0, 20);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 20 && scene.Committed().Offset == Small + 21, "all is committed", () => $"{running.Consumer.Status}\n{string.Join('\n', scene.Logger.Lines)}");
        await running.StopAsync();

        var letters = TopicReader.ReadToEnd(scene.Broker, scene.Route.DeadLetterTopic);
        Assert.Equal(Small + 1, letters.Count);
        var letter = letters.Single(record => record.Header("aeanomaly.offset") == "0");
        Assert.Equal(
            ("too_large", "30000", Convert.ToHexStringLower(SHA256.HashData(value)), "5000", "2", "malformed", scene.Input, "0"),
            (letter.Header("aeanomaly.shortened"), letter.Header("aeanomaly.value_size"), letter.Header("aeanomaly.value_sha256"), letter.Header("aeanomaly.key_size"),
                letter.Header("aeanomaly.headers_dropped"), letter.Header("aeanomaly.reason"), letter.Header("aeanomaly.topic"), letter.Header("aeanomaly.partition")));
        var others = letters.Where(record => record != letter).ToList();
        Assert.All(others, record => Assert.Equal("rubbish", record.ValueText));
        Assert.Equal(Enumerable.Range(1, Small), others.Select(record => int.Parse(record.Header("aeanomaly.offset")!, CultureInfo.InvariantCulture)).Order());
        Assert.Equal(Enumerable.Range(0, 20), processor.Numbers.Distinct().Order());
        Assert.Equal(1, shortened.Total);
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3023 && line.Text.Contains($"the dead_letter about {scene.Input}/0 offset 0", StringComparison.Ordinal));
        // What went with the refused one is no fault of its own: nothing waits for it to be over.
        Assert.DoesNotContain(scene.Logger.Lines, line => line.Id is 3020 or 3061);
    }

    [RealBrokerTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_AlertAboveTheLimitOfItsTopic_GoesOutWithoutItsExplanation(bool isExactlyOnce)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: isExactlyOnce, outputBytes: Limit);
        scene.Produce(0, 20);
        var processor = new RecordingProcessor { Alerts = static number => number % 5 == 0, AlertBody = number => Alert(number, number == 10 ? 500 : 1) };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 20 && scene.Committed().Offset == 20, "all is committed", () => $"{running.Consumer.Status}\n{string.Join('\n', scene.Logger.Lines)}");
        await running.StopAsync();

        var alerts = TopicReader.ReadToEnd(scene.Broker, scene.Route.AlertTopic).ToDictionary(alert => (int)JsonNode.Parse(alert.ValueText!)!["id"]!);
        Assert.Equal([0, 5, 10, 15], alerts.Keys.Order());
        var body = JsonNode.Parse(alerts[10].ValueText!)!;
        Assert.Empty(body["features"]!.AsArray());
        Assert.Equal(10, (int)body["evidence"]!["offset"]!);
        Assert.Equal(("too_large", Alert(10, 500).Length.ToString(), "10"), (alerts[10].Header("aeanomaly.shortened"), alerts[10].Header("aeanomaly.value_size"), alerts[10].Header("ce_id")));
        Assert.Equal(Encoding.UTF8.GetString(Alert(15, 1)), alerts[15].ValueText);
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3023 && line.Text.Contains($"the alert about {scene.Input}/0 offset 10", StringComparison.Ordinal));
    }

    [RealBrokerTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_ScoresSmallByThemselvesAndLargeTogether_GoOutWhole(bool isExactlyOnce)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: isExactlyOnce, withScores: true, outputBytes: Limit);
        using var shortened = new CounterReading(scene.Metrics, "aeanomaly.messages.shortened");
        scene.Produce(0, 500);
        var key = new byte[10_000];
        using (var producer = new TopicProducer(scene.Options()))
        {
            producer.Produce(scene.Input, key, Encoding.UTF8.GetBytes(PaymentRecords.Text(500)));
            Assert.True(producer.Flush(IngestScene.Bound));
        }

        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 501 && scene.Committed().Offset == 501, "all is committed", () => $"{running.Consumer.Status}\n{string.Join('\n', scene.Logger.Lines)}");
        await running.StopAsync();

        var scores = TopicReader.ReadToEnd(scene.Broker, scene.Route.ScoresTopic!).DistinctBy(score => (int)JsonNode.Parse(score.ValueText!)!["offset"]!).ToList();
        Assert.Equal(501, scores.Count);
        var last = Assert.Single(scores, score => score.Header("aeanomaly.shortened") is not null);
        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(key)), "10000"), (last.KeyText, last.Header("aeanomaly.key_size")));
        Assert.Equal(1, shortened.Total);
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3024);
    }

    [RealBrokerTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_AlertAboveTheLimitAtItsShortest_WaitsAndSaysSoAndGoesOutOnceItIsRaised(bool isExactlyOnce)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: isExactlyOnce, outputBytes: Limit);
        scene.Produce(0, 3);
        // No alert of the program's form: nobody knows what of it may go.
        var processor = new RecordingProcessor { Alerts = static number => number == 1, AlertBody = static _ => new byte[20_000] };
        await using var running = scene.Start(processor);
        await IngestScene.Until(
            () => running.Consumer.Status.LastError is { } error && error.Contains($"'{scene.Route.AlertTopic}' refuses a message as too large; raise its max.message.bytes", StringComparison.Ordinal),
            "the status says so", () => $"{running.Consumer.Status}\n{string.Join('\n', scene.Logger.Lines)}");
        Assert.True(scene.Committed().Offset <= 0);

        await scene.SetAsync(scene.Route.AlertTopic, "max.message.bytes", "100000");
        await IngestScene.Until(() => scene.Committed().Offset == 3, "all is committed", () => $"{running.Consumer.Status}");
        Assert.Equal(20_000, Assert.Single(TopicReader.ReadToEnd(scene.Broker, scene.Route.AlertTopic)).Value!.Length);
    }

    private static byte[] Alert(int number, int features) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["id"] = number,
        ["features"] = new JsonArray([.. Enumerable.Range(0, features).Select(i => JsonValue.Create($"feature number {i}"))]),
        ["evidence"] = new JsonObject { ["offset"] = number, ["fields"] = new JsonObject { ["merchant"] = "M" } },
    }.ToJsonString());
}

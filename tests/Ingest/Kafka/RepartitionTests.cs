using System.Text;
using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>Records whose keys come in several partitions: written on under the key, judged from there, and told of as what they were.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class RepartitionTests(BrokerFixture fixture)
{
    private const int Records = 210;

    [Fact]
    public async Task RunAsync_KeysInSeveralPartitions_EachIsJudgedInOneAndToldOfAsTheOriginal()
    {
        using var scene = await RepartitionScene.CreateAsync(fixture.Broker);
        scene.Write(0, Records);
        var processor = new RecordingProcessor { Alerts = number => number == 100, Refuses = number => number == 99 };
        await using (var copying = scene.StartCopying())
        {
            await using var judging = scene.StartJudging(processor);
            await scene.JudgedAsync(processor, Records);
            await judging.StopAsync();
            await copying.StopAsync();
        }

        var judged = processor.Numbers.Zip(processor.Origins).ToList();
        Assert.Equal(Enumerable.Range(0, Records), judged.Select(record => record.First).Order());
        Assert.All(judged.GroupBy(record => record.First % 7), card => Assert.Single(card.Select(record => record.Second.Partition).Distinct()));
        Assert.All(judged, record => AssertPlace(scene, record.First, record.Second));

        var score = TopicReader.ReadToEnd(fixture.Broker, scene.OfCopies.ScoresTopic!).Single(record => record.KeyText == "key-51");
        using var body = JsonDocument.Parse(score.ValueText!);
        Assert.Equal(51, body.RootElement.GetProperty("score").GetDouble());
        Assert.Equal(scene.Scene.Input, body.RootElement.GetProperty("topic").GetString());
        Assert.Equal((0, 17), (body.RootElement.GetProperty("partition").GetInt32(), body.RootElement.GetProperty("offset").GetInt32()));
        Assert.Single(TopicReader.ReadToEnd(fixture.Broker, scene.OfCopies.AlertTopic));
        AssertLetter(scene, 99, "score");
    }

    [Fact]
    public async Task RunAsync_RecordsThatAreNone_EndBeforeTheyAreWrittenOn()
    {
        using var scene = await RepartitionScene.CreateAsync(fixture.Broker);
        using (var writer = new TopicWriter(fixture.Broker, scene.Scene.Input))
        {
            writer.Write(RepartitionScene.KeyOf(0), "rubbish"u8.ToArray(), 0, RepartitionScene.TimeOf(0), [KeyValuePair.Create("trace", RepartitionScene.KeyOf(0))]);
            writer.Write(RepartitionScene.KeyOf(1), null, 1);
            writer.Write(RepartitionScene.KeyOf(2), "deleted"u8.ToArray(), 2);
        }

        scene.Write(0, 3);
        await using var copying = scene.StartCopying();
        await scene.CopiedAsync(3);
        await copying.StopAsync();

        Assert.Equal(3, TopicReader.ReadToEnd(fixture.Broker, scene.Copies).Count);
        AssertLetter(scene, 0, "decode");
    }

    [RealBrokerTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_CopiedASecondTime_NoRecordIsJudgedTwice(bool restarts)
    {
        using var scene = await RepartitionScene.CreateAsync(fixture.Broker);
        using var repeated = new CounterReading(scene.Scene.Metrics, "aeanomaly.records.repeated");
        scene.Write(0, Records);
        await CopyAsync(scene, null, Records);
        var first = new RecordingProcessor();
        var judging = scene.StartJudging(first);
        await scene.JudgedAsync(first, Records);
        if (restarts)
        {
            await judging.StopAsync();
            await judging.DisposeAsync();
        }

        await CopyAsync(scene, "again", 2 * Records);
        var second = restarts ? new RecordingProcessor() : first;
        if (restarts)
            judging = scene.StartJudging(second);
        scene.Write(Records, 21);
        await CopyAsync(scene, null, (2 * Records) + 21);
        await scene.JudgedAsync(second, restarts ? 21 : Records + 21);
        await judging.StopAsync();
        await judging.DisposeAsync();

        int[] numbers = [.. first.Numbers, .. restarts ? second.Numbers : []];
        Assert.Equal(Enumerable.Range(0, Records + 21), numbers.Order());
        Assert.Equal(Records, repeated.Total);
    }

    [RealBrokerFact]
    public async Task RunAsync_ExactlyOnce_CopiesAndOffsetsAreCommittedTogether()
    {
        using var scene = await RepartitionScene.CreateAsync(fixture.Broker, isExactlyOnce: true);
        scene.Write(0, Records);
        await CopyAsync(scene, null, Records);
        scene.Write(Records, Records);
        await CopyAsync(scene, null, 2 * Records);
        var processor = new RecordingProcessor();
        await using var judging = scene.StartJudging(processor);
        await scene.JudgedAsync(processor, 2 * Records);
        await judging.StopAsync();

        Assert.Equal(Enumerable.Range(0, 2 * Records), processor.Numbers.Order());
        Assert.Equal(2 * Records, TopicReader.ReadToEnd(fixture.Broker, scene.Copies).Count);
        Assert.Equal(2 * Records, TopicReader.ReadToEnd(fixture.Broker, scene.OfCopies.ScoresTopic!).Count);
        // The markers of transactions take offsets: the copies were written in at least one.
        Assert.True(TopicReader.ReadToEnd(fixture.Broker, scene.Copies).Max(record => record.Offset) >= (2 * Records / 3) - 1);
    }

    [RealBrokerTheory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task RunAsync_CopyTooLargeForItsTopicOrTheClient_ItsRecordIsADeadLetterAndTheRestGoesOn(bool isExactlyOnce, bool isRefusedByClient)
    {
        using var scene = await RepartitionScene.CreateAsync(fixture.Broker, isExactlyOnce, isRefusedByClient ? null : new Dictionary<string, string> { ["max.message.bytes"] = "2000" });
        using (var writer = new TopicWriter(fixture.Broker, scene.Scene.Input))
            writer.Write(RepartitionScene.KeyOf(0), Encoding.UTF8.GetBytes("card0;0" + new string('0', 3_000)), 0, RepartitionScene.TimeOf(0), [KeyValuePair.Create("trace", RepartitionScene.KeyOf(0))]);
        scene.Write(1, 20);
        await using var copying = isRefusedByClient ? scene.StartCopying(null, ("message.max.bytes", "2000")) : scene.StartCopying();
        await scene.CopiedAsync(20);
        await IngestScene.Until(() => TopicReader.ReadToEnd(fixture.Broker, scene.ToCopies.DeadLetterTopic).Count > 0, "the dead letter", () => string.Join('\n', scene.Scene.Logger.Lines));
        await copying.StopAsync();

        AssertLetter(scene, 0, "repartition");
        Assert.Null(copying.Consumer.Status.LastError);
    }

    [Fact]
    public async Task ReadAsync_Copies_AreTheRecordsThatTheyAreOf()
    {
        using var scene = await RepartitionScene.CreateAsync(fixture.Broker);
        scene.Write(0, Records);
        await CopyAsync(scene, null, Records);
        var history = new KafkaRecordHistory(scene.Scene.Options(), scene.OfCopies, new PaymentRecords(), TimeProvider.System, NullLogger<KafkaRecordHistory>.Instance);
        var target = new RecordBatch(PaymentRecords.Spec, 16);

        await history.ReadAsync(new HistoryWindow(null, 1_000), target, null, CancellationToken.None);

        Assert.Equal(Records, target.Count);
        for (var row = 0; row < Records; row++)
            AssertPlace(scene, (int)target.Numbers(1)[row], target.Origins[row]);
    }

    private static async Task CopyAsync(RepartitionScene scene, string? group, int copies)
    {
        await using var copying = scene.StartCopying(group is null ? null : scene.ToCopies.GroupId + group);
        await scene.CopiedAsync(copies);
        await copying.StopAsync();
    }

    private static void AssertPlace(RepartitionScene scene, int number, RecordOrigin origin)
    {
        Assert.Equal(scene.Copies, origin.Topic);
        Assert.Equal((scene.Scene.Input, number % 3, number / 3), (origin.Place.Topic, origin.Place.Partition, (int)origin.Place.Offset));
        Assert.Equal(RepartitionScene.TimeOf(number), origin.Time);
    }

    private void AssertLetter(RepartitionScene scene, int number, string stage)
    {
        var letter = Assert.Single(TopicReader.ReadToEnd(fixture.Broker, scene.OfCopies.DeadLetterTopic));
        Assert.Equal($"key-{number}", letter.KeyText);
        Assert.Equal($"key-{number}", letter.Header("trace"));
        Assert.Equal(
            (scene.Scene.Input, $"{number % 3}", $"{number / 3}", $"{RepartitionScene.TimeOf(number).ToUnixTimeMilliseconds()}", stage, "payments"),
            (letter.Header("aeanomaly.topic"), letter.Header("aeanomaly.partition"), letter.Header("aeanomaly.offset"), letter.Header("aeanomaly.timestamp"), letter.Header("aeanomaly.stage"), letter.Header("aeanomaly.detector")));
        Assert.DoesNotContain(letter.Headers, header => header.Key.StartsWith("aeanomaly.original.", StringComparison.Ordinal));
    }
}

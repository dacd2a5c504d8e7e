using System.Text;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>What happens while alerts or dead letters do not go out: it is said, memory stays bounded, and nothing is lost.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class BlockedOutputTests(BrokerFixture fixture)
{
    private const short Produce = 0;

    [Fact]
    public async Task RunAsync_DeadLettersRefused_WaitWithinTheBoundAndAllArriveAfterwards()
    {
        const int Letters = 80;
        using var scene = new IngestScene(partitions: 1);
        for (var i = 0; i < Letters; i++)
            scene.Produce(null, Encoding.UTF8.GetBytes($"{i} " + new string('x', 10_000)));
        scene.Produce(0, 10);
        scene.Cluster.PushErrors(Produce, [.. Enumerable.Repeat((int)ErrorCode.TopicAuthorizationFailed, 1_000)]);
        var options = scene.Options();
        options.MaxWaitingBytes = 300_000;
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, options);
        await IngestScene.Until(
            () => running.Consumer.Status is { State: ConsumerState.WaitingForOutput, CanPublish: false } && DeadLetterBytes() >= options.MaxWaitingBytes,
            "reading waits", () => $"{running.Consumer.Status} {DeadLetterBytes()}");
        // What was read in one go may lie above it, twice: here and in the client.
        Assert.InRange(DeadLetterBytes() + running.Consumer.HeldBytes, 1, 4 * options.MaxWaitingBytes);
        Assert.Equal(0, scene.Committed(partitions: 1));

        scene.Cluster.ClearErrors(Produce);
        var letters = scene.Read(IngestScene.DeadLetterTopic, Letters).Select(letter => Encoding.UTF8.GetString(letter.Message.Value!).Split(' ')[0]);
        await IngestScene.Until(() => processor.Count == 10, "the rest is read", () => $"{running.Consumer.Status}");
        await IngestScene.Until(() => DeadLetterBytes() == 0 && running.Consumer is { HeldBytes: 0, Status: { CanPublish: true, LastError: null } }, "nothing waits", () => $"{running.Consumer.Status}");
        await running.StopAsync();

        long DeadLetterBytes() => running.Consumer.WaitingBytesOf(OutboundKind.DeadLetter);
        Assert.Equal(Enumerable.Range(0, Letters).Select(i => $"{i}").Order(), letters.Distinct().Order());
        Assert.Equal(Letters + 10, scene.Committed(partitions: 1));
    }

    [Fact]
    public async Task RunAsync_AlertsNeverAcknowledged_IsSaidWithinSeconds()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 10);
        // As with too few replicas in sync: the client tries again by itself and says nothing for a minute.
        scene.Cluster.PushErrors(Produce, [.. Enumerable.Repeat((int)ErrorCode.NotEnoughReplicas, 1_000)]);
        await using var running = scene.Start(new RecordingProcessor { Alerts = _ => true });

        await Eventually.TrueAsync(
            () => running.Consumer.Status is { CanPublish: false, LastError: { } error } && error.StartsWith("topic 'alerts' has acknowledged nothing for 5 s", StringComparison.Ordinal),
            TimeSpan.FromSeconds(15), "the status says so", () => $"{running.Consumer.Status}");

        scene.Cluster.ClearErrors(Produce);
        await IngestScene.Until(() => running.Consumer.Status is { CanPublish: true, LastError: null }, "it goes out", () => $"{running.Consumer.Status}");
        Assert.Equal(10, scene.Read(IngestScene.AlertTopic, 10).Count);
    }

    [RealBrokerFact]
    public async Task RunAsync_DeadLetterTopicMissing_AlertsGoOnAndNothingIsCommitted()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, withOutputs: false);
        await scene.CreateAsync(scene.Route.AlertTopic);
        using (var producer = new TopicProducer(scene.Options()))
        {
            producer.Produce(scene.Input, null, "rubbish"u8.ToArray());
            Assert.True(producer.Flush(IngestScene.Bound));
        }

        var processor = new RecordingProcessor { Alerts = static _ => true };
        await using var running = scene.Start(processor);
        await IngestScene.Until(
            () => running.Consumer.Status is { CanPublish: false, LastError: { } error } && error.Contains($"topic '{scene.Route.DeadLetterTopic}' cannot be written", StringComparison.Ordinal),
            "the status says so", () => $"{running.Consumer.Status}");
        for (var round = 0; round < 3; round++)
        {
            scene.Produce(10 * round, 10);
            Assert.Equal(10 * (round + 1), TopicReader.ReadCount(scene.Broker, scene.Route.AlertTopic, 10 * (round + 1)).Count);
        }

        Assert.True(scene.Committed().Offset <= 0);
        await scene.CreateAsync(scene.Route.DeadLetterTopic);
        await IngestScene.Until(() => scene.Committed().Offset == 31, "all is committed", () => $"{running.Consumer.Status}");
        await IngestScene.Until(() => running.Consumer.Status.CanPublish, "it goes out", () => $"{running.Consumer.Status}");
        Assert.Single(TopicReader.ReadCount(scene.Broker, scene.Route.DeadLetterTopic, 1));
    }

    [Fact]
    public async Task RunAsync_RecordsComeWhileNoModelIsLoaded_TheLagIsTold()
    {
        using var scene = new IngestScene(partitions: 1);
        var processor = new RecordingProcessor { IsReady = false };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => running.Consumer.Status is { State: ConsumerState.WaitingForModel, Lag: 0 }, "it waits", () => $"{running.Consumer.Status}");

        scene.Produce(0, 40);

        await IngestScene.Until(() => running.Consumer.Status.Lag == 40, "the lag is told", () => $"{running.Consumer.Status}");
        processor.IsReady = true;
        await IngestScene.Until(() => running.Consumer.Status.Lag == 0, "all is processed", () => $"{running.Consumer.Status}");
        Assert.Equal(40, processor.Count);
    }
}

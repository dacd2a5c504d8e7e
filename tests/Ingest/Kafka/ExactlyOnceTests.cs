using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>Output and offsets in one transaction: whoever reads what is committed sees both, or neither.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class ExactlyOnceTests(BrokerFixture fixture)
{
    [RealBrokerFact]
    public async Task RunAsync_RecordsAndABadOne_OutputAndOffsetsAreCommittedTogether()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: true);
        scene.Produce(0, 100);
        using (var producer = new TopicProducer(scene.Options()))
        {
            producer.Produce(scene.Input, null, "rubbish"u8.ToArray());
            Assert.True(producer.Flush(IngestScene.Bound));
        }

        var processor = new RecordingProcessor { Alerts = number => number % 10 == 0 };
        await using (var running = scene.Start(processor))
        {
            await IngestScene.Until(() => scene.Committed().Offset == 101, "all is committed", () => $"{running.Consumer.Status}\n{string.Join('\n', scene.Logger.Lines)}");
            await running.StopAsync();
        }

        Assert.NotNull(scene.Committed().TopicId);
        Assert.Equal(10, TopicReader.ReadToEnd(scene.Broker, scene.Route.AlertTopic).Count);
        Assert.Single(TopicReader.ReadToEnd(scene.Broker, scene.Route.DeadLetterTopic));
        // The markers of transactions take offsets: it was written in at least one.
        Assert.True(scene.End(scene.Route.AlertTopic, IsolationLevel.ReadUncommitted) > 10);

        scene.Produce(100, 50);
        var second = new RecordingProcessor { Alerts = number => number % 10 == 0 };
        await using var again = scene.Start(second);
        await IngestScene.Until(() => scene.Committed().Offset == 151, "it goes on", () => $"{again.Consumer.Status}");
        await again.StopAsync();
        Assert.Equal(Enumerable.Range(100, 50), second.Numbers);
        Assert.Equal(15, TopicReader.ReadToEnd(scene.Broker, scene.Route.AlertTopic).Count);
    }

    [RealBrokerFact]
    public async Task RunAsync_FailsAfterItPublished_NothingOfItIsSeenAndItComesAgain()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: true);
        scene.Produce(0, 20);
        var failures = 1;
        RecordingProcessor? processor = null;
        processor = new RecordingProcessor
        {
            Alerts = _ => true,
            OnTick = () =>
            {
                // The alerts are in the open transaction: it is committed after a minute, or at the end.
                if (processor!.Count > 0 && Interlocked.Decrement(ref failures) >= 0)
                    throw new InvalidOperationException("in between");
            },
        };
        var options = scene.Options();
        options.CommitInterval = TimeSpan.FromMinutes(1);
        await using var running = scene.Start(processor, options);
        await IngestScene.Until(() => processor.Count == 40, "it came again", () => $"{running.Consumer.Status}\n{string.Join('\n', scene.Logger.Lines)}");
        Assert.Empty(TopicReader.ReadToEnd(scene.Broker, scene.Route.AlertTopic));
        await running.StopAsync();

        Assert.Equal(20, scene.Committed().Offset);
        Assert.Equal(20, TopicReader.ReadToEnd(scene.Broker, scene.Route.AlertTopic).Count);
        Assert.Equal(40, TopicReader.ReadToEnd(scene.Broker, scene.Route.AlertTopic, isolation: IsolationLevel.ReadUncommitted).Count);
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3061);
    }

    [RealBrokerFact]
    public async Task RunAsync_StalledWhileItsPartitionMoved_PublishesNothingThatIsSeen()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: true);
        scene.Produce(0, 10);
        using var gate = new ManualResetEventSlim();
        using var stalled = new ManualResetEventSlim();
        var first = new RecordingProcessor
        {
            Alerts = _ => true,
            BeforeBatch = _ =>
            {
                stalled.Set();
                Assert.True(gate.Wait(TimeSpan.FromMinutes(2)));
            },
        };
        await using var zombie = scene.Start(first, Impatient(scene, "zombie"));
        Assert.True(stalled.Wait(IngestScene.Bound));
        var second = new RecordingProcessor { Alerts = _ => true };
        await using var owner = scene.Start(second, Impatient(scene, "owner"));
        await IngestScene.Until(() => scene.Committed().Offset == 10, "its partition has moved", () => $"{owner.Consumer.Status}");

        gate.Set();
        await IngestScene.Until(() => first.Count > 0 && scene.Logger.Lines.Any(line => line.Id is 3003 or 3061), "the first one has noticed", () => $"{zombie.Consumer.Status}\n{string.Join('\n', scene.Logger.Lines)}");
        await zombie.StopAsync();
        await owner.StopAsync();

        Assert.Equal(10, TopicReader.ReadToEnd(scene.Broker, scene.Route.AlertTopic, TimeSpan.FromSeconds(60)).Count);
        Assert.Equal(10, scene.Committed().Offset);
    }

    [Fact]
    public async Task RunAsync_EmbeddedCluster_IsRefusedWithTheReason()
    {
        using var scene = new IngestScene(partitions: 1);
        await using var running = scene.Start(new RecordingProcessor(), isExactlyOnce: true);

        await IngestScene.Until(
            () => running.Consumer.Status is { State: ConsumerState.Failed, LastError: { } error } && error.StartsWith("delivery: exactly_once needs a real broker", StringComparison.Ordinal),
            "the status says so", () => $"{running.Consumer.Status}");
    }

    private static KafkaOptions Impatient(RealScene scene, string instance)
    {
        var options = scene.Options(("session.timeout.ms", "6000"), ("max.poll.interval.ms", "6000"));
        options.InstanceId = instance;
        return options;
    }
}

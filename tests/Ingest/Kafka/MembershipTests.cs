using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>Who reads what a process leaves behind, and when.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class MembershipTests(BrokerFixture fixture)
{
    [RealBrokerFact]
    public async Task RunAsync_AnotherMemberCrashed_TakesOverWithinTheSessionTimeout()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 10);
        Crash(scene, scene.Options());
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);

        // 10 s of the session, and the join after it.
        await Eventually.TrueAsync(() => processor.Count == 10, TimeSpan.FromSeconds(14), "it has taken over", () => $"{running.Consumer.Status}");
    }

    [RealBrokerFact]
    public async Task RunAsync_SameInstanceAfterACrash_GoesOnWithoutWaiting()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 10);
        var options = scene.Options(("session.timeout.ms", "30000"));
        options.InstanceId = "payments-0";
        Crash(scene, options);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, options);

        await Eventually.TrueAsync(() => processor.Count == 10, TimeSpan.FromSeconds(14), "it goes on", () => $"{running.Consumer.Status}");
    }

    [RealBrokerFact]
    public async Task RunAsync_StalledWhileItsPartitionMoved_CommitsNothingForItAndJoinsAgain()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 10);
        using var gate = new ManualResetEventSlim();
        using var stalled = new ManualResetEventSlim();
        var first = new RecordingProcessor
        {
            BeforeBatch = _ =>
            {
                stalled.Set();
                Assert.True(gate.Wait(TimeSpan.FromMinutes(2)));
            },
        };
        await using var zombie = scene.Start(first, ("session.timeout.ms", "6000"), ("max.poll.interval.ms", "6000"));
        Assert.True(stalled.Wait(IngestScene.Bound));
        var second = new RecordingProcessor();
        await using var owner = scene.Start(second, ("session.timeout.ms", "6000"), ("max.poll.interval.ms", "6000"));
        await IngestScene.Until(() => second.Count == 10, "its partition has moved", () => $"{owner.Consumer.Status}");
        scene.Produce(10, 10);
        await IngestScene.Until(() => scene.Committed().Offset == 20, "the new owner has committed", () => $"{owner.Consumer.Status}");

        gate.Set();
        await IngestScene.Until(() => scene.Logger.Lines.Any(line => line.Id == 3003), "the first one has noticed", () => $"{zombie.Consumer.Status}");
        await zombie.StopAsync();

        Assert.Equal(20, scene.Committed().Offset);
        await owner.StopAsync();
        Assert.Equal(20, scene.Committed().Offset);
    }

    [RealBrokerFact]
    public async Task RunAsync_MoreMembersThanPartitions_OneIsSpareUntilAnotherLeaves()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 10);
        var processor = new RecordingProcessor();
        await using var first = scene.Start(processor);
        await IngestScene.Until(() => processor.Count == 10, "the first reads", () => $"{first.Consumer.Status}");
        await using var second = scene.Start(new RecordingProcessor());
        RunningConsumer[] both = [first, second];
        await IngestScene.Until(
            () => both.Count(member => member.Consumer.Status.State == ConsumerState.Spare) == 1 && both.Count(member => member.Consumer.Status.AssignedPartitions == 1) == 1,
            "one reads, the other is spare",
            () => string.Join('\n', both.Select(member => member.Consumer.Status)));

        var spare = Assert.Single(both, member => member.Consumer.Status.State == ConsumerState.Spare);
        await both.Single(member => member != spare).StopAsync();
        await IngestScene.Until(() => spare.Consumer.Status is { State: ConsumerState.Running, AssignedPartitions: 1 }, "it takes over", () => $"{spare.Consumer.Status}");
    }

    // Disposed without being closed: it does not say that it leaves.
    private static void Crash(RealScene scene, KafkaOptions options)
    {
        using var member = new ConsumerBuilder<Ignore, Ignore>(KafkaProperties.ForConsumer(options, scene.Route.GroupId)).Build();
        member.Subscribe(scene.Input);
        while (member.Assignment.Count == 0)
            member.Consume(TimeSpan.FromMilliseconds(100));
    }
}

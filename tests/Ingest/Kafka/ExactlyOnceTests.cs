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

    [RealBrokerFact]
    public async Task RunAsync_AnotherTransactionIsOpenInTheAlertTopic_WaitsForItAndHandsOverTheAlertsBehindIt()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: true);
        using var other = await OpenTransactionAsync(scene);
        scene.Produce(0, 30);
        await using (var before = scene.Start(new RecordingProcessor { Alerts = number => number % 10 == 0 }))
        {
            await IngestScene.Until(() => scene.Committed().Offset == 30, "all is committed", () => $"{before.Consumer.Status}");
            await before.StopAsync();
        }

        Assert.Equal(0, scene.End(scene.Route.AlertTopic));
        scene.Produce(30, 5);
        var processor = new RecordingProcessor { PastAlerts = TimeSpan.FromMinutes(15) };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => scene.Logger.Lines.Count(line => line.Id == 3001) == 2, "it has its partition, as the first one had", () => $"{running.Consumer.Status}");
        await Task.Delay(TimeSpan.FromSeconds(1));
        other.CommitTransaction(IngestScene.Bound);
        await IngestScene.Until(() => processor.Count == 5, "the new ones are processed", () => $"{running.Consumer.Status}\n{string.Join('\n', scene.Logger.Lines)}");
        await running.StopAsync();

        Assert.Equal([("of another", 0), ("0", 0), ("10", 0), ("20", 0)], processor.RecalledAlerts);
    }

    [RealBrokerFact]
    public async Task RunAsync_StoppedWhileAnotherTransactionIsOpenInTheAlertTopic_EndsAtOnceAndJudgesNothing()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: true);
        using var other = await OpenTransactionAsync(scene);
        scene.Produce(0, 5);
        var processor = new RecordingProcessor { PastAlerts = TimeSpan.FromMinutes(15) };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => scene.Logger.Lines.Any(line => line.Id == 3001), "it has its partition", () => $"{running.Consumer.Status}");
        await running.StopAsync();
        other.AbortTransaction(IngestScene.Bound);

        Assert.Equal(0, processor.Count);
        Assert.DoesNotContain(scene.Logger.Lines, line => line.Id == 3047);
    }

    [RealBrokerFact]
    public async Task RunAsync_TakesOverWhileItsOwnTransactionIsOpen_HandsOverTheAlertsThatTheFormerOwnerPublishedMeanwhile()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, partitions: 2, isExactlyOnce: true);
        var slow = scene.Options(("session.timeout.ms", "6000"));
        slow.InstanceId = "stays";
        slow.CommitInterval = TimeSpan.FromMinutes(1);
        var (staying, leaving) = (AlertingOnAll(), AlertingOnAll());
        await using var stays = scene.Start(staying, slow);
        await IngestScene.Until(() => stays.Consumer.Status.AssignedPartitions == 2, "the first has both", () => $"{stays.Consumer.Status}");
        await using (var leaves = scene.Start(leaving, Impatient(scene, "leaves")))
        {
            await IngestScene.Until(() => leaves.Consumer.Status.AssignedPartitions == 1 && stays.Consumer.Status.AssignedPartitions == 1, "they share", () => $"{stays.Consumer.Status} {leaves.Consumer.Status}");
            scene.Produce(0, 20);
            await IngestScene.Until(() => staying.Count + leaving.Count == 20 && staying.Count > 0, "the first has a transaction open", () => $"{staying.Count} {leaving.Count}");
            scene.Produce(20, 20);
            await IngestScene.Until(() => staying.Count + leaving.Count == 40, "the other has alerts behind it", () => $"{staying.Count} {leaving.Count}");
            await leaves.StopAsync();
        }

        scene.Produce(40, 20);
        await IngestScene.Until(() => staying.Count + leaving.Count == 60, "the first has all", () => $"{staying.Count} {leaving.Count} {stays.Consumer.Status}");
        await stays.StopAsync();

        var recalled = staying.RecalledAlerts.Select(alert => int.Parse(alert.Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains(leaving.Numbers, number => number >= 20);
        Assert.Empty(leaving.Numbers.Except(recalled));

        static RecordingProcessor AlertingOnAll() => new() { Alerts = static _ => true, PastAlerts = TimeSpan.FromMinutes(15) };
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

    // Another program's, with one alert in it.
    private static async Task<IProducer<Null, string>> OpenTransactionAsync(RealScene scene)
    {
        var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = scene.Broker.BootstrapServers, TransactionalId = scene.Broker.UniqueName("other") }).Build();
        producer.InitTransactions(IngestScene.Bound);
        producer.BeginTransaction();
        await producer.ProduceAsync(scene.Route.AlertTopic, new Message<Null, string> { Value = "of another" });
        return producer;
    }

    private static KafkaOptions Impatient(RealScene scene, string instance)
    {
        var options = scene.Options(("session.timeout.ms", "6000"), ("max.poll.interval.ms", "6000"));
        options.InstanceId = instance;
        return options;
    }
}

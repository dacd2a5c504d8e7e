using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>A detector most of whose records are bad stops, says so and commits nothing further, until it is told to go on.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class DeadLetterLimitTests(BrokerFixture fixture)
{
    private static readonly DeadLetterLimit Limit = new(0.5, 100);

    [RealBrokerTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_TooManyBadRecords_StopsCommitsNothingFurtherAndGoesOnWhenTold(bool isExactlyOnce)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: isExactlyOnce, limit: Limit);
        scene.Produce(0, 30);
        ProduceBad(scene, 300);
        scene.Produce(30, 30);
        var processor = new RecordingProcessor();
        var options = scene.Options();
        options.BatchRecords = 20;
        await using var running = scene.Start(processor, options);
        await IngestScene.Until(() => running.Consumer is { IsHalted: true, Status.State: ConsumerState.Halted }, "it stops", () => State(scene, running));

        Assert.StartsWith("stopped reading: ", running.Consumer.Status.LastError, StringComparison.Ordinal);
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3032 && line.Text.Contains("more than dead_letter_limit allows (0.5 of 100)", StringComparison.Ordinal));
        // Fifty-one bad ones, and at most the rest of that batch: all of it was judged, so it is committed.
        await IngestScene.Until(() => scene.Committed().Offset >= 81, "what was judged is committed", () => State(scene, running));
        var committed = scene.Committed().Offset;
        Assert.InRange(committed, 81, 130);

        scene.Produce(60, 40);
        await IngestScene.Until(() => running.Consumer.Status.Lag == 400 - committed, "the lag is told", () => State(scene, running));
        Assert.Equal((committed, ConsumerState.Halted), (scene.Committed().Offset, running.Consumer.Status.State));
        Assert.Equal(30, processor.Count);

        Assert.True(running.Consumer.Resume());
        await IngestScene.Until(() => scene.Committed().Offset > committed, "it goes on", () => State(scene, running));
        // The bad ones that follow stop it again; each time somebody says otherwise.
        await IngestScene.Until(() => scene.Committed().Offset == 400 || (running.Consumer.Resume() && false), "all is committed", () => State(scene, running));
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(0, 100), processor.Numbers);
        Assert.Equal(300, TopicReader.ReadToEnd(scene.Broker, scene.Route.DeadLetterTopic).Count);
        Assert.False(running.Consumer.Resume());
    }

    [RealBrokerTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_StartedAgainAfterItStopped_GoesOnWhereItHadCommitted(bool isExactlyOnce)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, isExactlyOnce: isExactlyOnce, limit: Limit);
        ProduceBad(scene, 70);
        scene.Produce(0, 20);
        var options = scene.Options();
        options.BatchRecords = 20;
        await using (var running = scene.Start(new RecordingProcessor(), options))
        {
            await IngestScene.Until(() => running.Consumer.IsHalted, "it stops", () => State(scene, running));
            await running.StopAsync();
        }

        var committed = scene.Committed().Offset;
        Assert.InRange(committed, 51, 90);
        var processor = new RecordingProcessor();
        await using var again = scene.Start(processor, options);
        await IngestScene.Until(() => scene.Committed().Offset == 90, "all is committed", () => State(scene, again));
        await again.StopAsync();

        Assert.Equal(70, TopicReader.ReadToEnd(scene.Broker, scene.Route.DeadLetterTopic).Count);
        Assert.Equal(90 - committed, processor.Count + Math.Max(0, 70 - committed));
    }

    [RealBrokerFact]
    public async Task RunAsync_PartitionAssignedWhileItIsStopped_IsNotReadEither()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, limit: Limit);
        ProduceBad(scene, 100);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, ("topic.metadata.refresh.interval.ms", "500"));
        await IngestScene.Until(() => running.Consumer.IsHalted && scene.Committed().Offset == 100, "it stops", () => State(scene, running));

        await scene.GrowAsync(2);
        scene.Produce(0, 50);
        await IngestScene.Until(() => running.Consumer.Status is { AssignedPartitions: 2, Lag: 50 }, "the new partition is assigned", () => State(scene, running));
        Assert.Equal(0, processor.Count);

        Assert.True(running.Consumer.Resume());
        await IngestScene.Until(() => processor.Count == 50, "all is read", () => State(scene, running));
        await running.StopAsync();
        Assert.Equal(Enumerable.Range(0, 50), processor.Numbers.Order());
    }

    [Fact]
    public async Task RunAsync_AThirdOfTheRecordsBad_GoesOn()
    {
        using var scene = new IngestScene(partitions: 1);
        using (var producer = new TopicProducer(scene.Options()))
        {
            for (var number = 0; number < 1_000; number++)
            {
                producer.Produce(IngestScene.Input, null, System.Text.Encoding.UTF8.GetBytes(PaymentRecords.Text(2 * number)));
                producer.Produce(IngestScene.Input, null, "rubbish"u8.ToArray());
                producer.Produce(IngestScene.Input, null, System.Text.Encoding.UTF8.GetBytes(PaymentRecords.Text((2 * number) + 1)));
            }

            Assert.True(producer.Flush(IngestScene.Bound));
        }

        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, limit: Limit);
        await IngestScene.Until(() => scene.Committed(partitions: 1) == 3_000, "all is committed", () => $"{running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(2_000, processor.Count);
        Assert.DoesNotContain(scene.Logger.Lines, line => line.Id == 3032);
    }

    private static void ProduceBad(RealScene scene, int count)
    {
        using var producer = new TopicProducer(scene.Options());
        for (var i = 0; i < count; i++)
            producer.Produce(scene.Input, null, "rubbish"u8.ToArray());
        Assert.True(producer.Flush(IngestScene.Bound));
    }

    private static string State(RealScene scene, RunningConsumer running) => $"{running.Consumer.Status} {scene.Committed().Offset}\n{string.Join('\n', scene.Logger.Lines)}";
}

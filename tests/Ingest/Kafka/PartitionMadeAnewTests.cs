using AEAnomaly.TestKit;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>A partition that is made while a detector runs is read whole: with its topic, which was another one before or missing, or added to it.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class PartitionMadeAnewTests(BrokerFixture fixture)
{
    [RealBrokerTheory]
    [InlineData(3, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    public async Task RunAsync_TopicMadeAnewWithOtherPartitions_TheNewOneIsReadWhole(int before, int after)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, partitions: before);
        scene.Produce(0, 100);
        var processor = new RecordingProcessor { PastRecords = 500 };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 100, "what came before is processed", () => $"{processor.Count} {running.Consumer.Status}");

        await scene.MakeAnewAsync(after);
        scene.Produce(1_000, 300);

        await IsReadWhole(running, processor, 1_000, 300);
        Assert.Equal(after, running.Consumer.Status.AssignedPartitions);
    }

    [RealBrokerTheory]
    [InlineData("group.protocol", "consumer")]
    [InlineData("group.instance.id", "first")]
    [InlineData("partition.assignment.strategy", "range")]
    [InlineData("isolation.level", "read_uncommitted")]
    public async Task RunAsync_TopicMadeAnewInAGroupOfAnotherKind_TheNewOneIsReadWhole(string property, string value)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        var processor = new RecordingProcessor { PastRecords = 500 };
        await using var running = scene.Start(processor, (property, value));
        await IngestScene.Until(() => processor.Count >= 100, "what came before is processed", () => $"{processor.Count} {running.Consumer.Status}");

        await scene.MakeAnewAsync();
        scene.Produce(1_000, 300);

        await IsReadWhole(running, processor, 1_000, 300);
    }

    [RealBrokerFact]
    public async Task RunAsync_PartitionsAddedWhileItReadsFromTheEnd_AreReadWhole()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, ("auto.offset.reset", "latest"));
        await IngestScene.Until(() => running.Consumer.Status.Lag == 0, "it reads", () => $"{running.Consumer.Status}");

        await scene.GrowAsync(4);
        scene.Produce(1_000, 300);

        await IsReadWhole(running, processor, 1_000, 300);
        Assert.DoesNotContain(processor.Numbers, number => number < 100);
    }

    [RealBrokerFact]
    public async Task RunAsync_TopicCreatedAfterADetectorThatReadsFromTheEnd_IsReadWhole()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, partitions: 0);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, ("auto.offset.reset", "latest"));
        await IngestScene.Until(() => running.Consumer.Status.LastError?.Contains("does not exist", StringComparison.Ordinal) == true, "it is missing", () => $"{running.Consumer.Status}");

        await scene.CreateAsync(scene.Input, 2);
        scene.Produce(1_000, 300);

        await IsReadWhole(running, processor, 1_000, 300);
    }

    // What the former client read before it was replaced comes once more.
    private static async Task IsReadWhole(RunningConsumer running, RecordingProcessor processor, int from, int count)
    {
        await IngestScene.Until(
            () => Enumerable.Range(from, count).All(processor.Numbers.ToHashSet().Contains), "all is processed", () => $"{processor.Count} {running.Consumer.Status}");
        await IngestScene.Until(() => running.Consumer.Status.Lag == 0, "nothing is left", () => $"{running.Consumer.Status}");
    }
}

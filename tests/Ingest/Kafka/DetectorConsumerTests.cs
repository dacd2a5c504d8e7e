namespace AEAnomaly.Ingest.Tests.Kafka;

public sealed class DetectorConsumerTests
{
    [Fact]
    public async Task RunAsync_RecordsInThreePartitions_EachProcessedOnceInOffsetOrderAndCommitted()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 5_000);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);

        await IngestScene.Until(() => processor.Count >= 5_000, "all records processed", () => $"{processor.Count}, {running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(0, 5_000), processor.Numbers.Order());
        foreach (var partition in processor.Origins.GroupBy(origin => origin.Partition))
            Assert.Equal(Enumerable.Range(0, partition.Count()).Select(offset => (long)offset), partition.Select(origin => origin.Offset));
        Assert.Equal(5_000, scene.Committed());
    }
}

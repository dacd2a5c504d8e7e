using System.Text;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

public sealed class TopicTests
{
    [Fact]
    public async Task FindMissingAsync_OneOfTwo_NamesIt()
    {
        using var scene = new IngestScene();

        var missing = await TopicCheck.FindMissingAsync(scene.Options(), [IngestScene.Input, "nowhere"], IngestScene.Bound);

        Assert.Equal(["nowhere"], missing);
        Assert.Equal(["nowhere"], await TopicCheck.FindMissingAsync(scene.Options(), ["nowhere"], IngestScene.Bound));
    }

    [Fact]
    public async Task FindMissingAsync_NoBroker_ThrowsNamingBroker()
    {
        using var scene = new IngestScene();
        scene.Cluster.SetBrokerDown();

        var error = await Assert.ThrowsAsync<TopicUnavailableException>(
            () => TopicCheck.FindMissingAsync(scene.Options(), [IngestScene.Input], TimeSpan.FromSeconds(1)));

        Assert.Contains(scene.Cluster.BootstrapServers, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_SampleOfLongTopic_GivesNewestValues()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 500);

        var sample = await KafkaSampler.ReadAsync(scene.Options(), IngestScene.Input, 20, IngestScene.Bound);

        Assert.Equal(Enumerable.Range(480, 20).Select(PaymentRecords.Text), sample.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public async Task ReadAsync_EmptyTopic_SaysSo()
    {
        using var scene = new IngestScene();

        var error = await Assert.ThrowsAsync<TopicUnavailableException>(
            () => KafkaSampler.ReadAsync(scene.Options(), IngestScene.Input, 20, IngestScene.Bound));

        Assert.Contains("'in'", error.Message, StringComparison.Ordinal);
        Assert.Contains("holds no message", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_UnknownTopic_SaysSo()
    {
        using var scene = new IngestScene();

        var error = await Assert.ThrowsAsync<TopicUnavailableException>(
            () => KafkaSampler.ReadAsync(scene.Options(), "nowhere", 20, IngestScene.Bound));

        Assert.Contains("'nowhere' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Produce_ManyWithSmallQueue_WaitsAndDeliversAll()
    {
        using var scene = new IngestScene(partitions: 1);
        using var producer = new TopicProducer(scene.Options(("queue.buffering.max.messages", "100")));

        for (var number = 0; number < 2_000; number++)
            producer.Produce(IngestScene.Input, null, Encoding.UTF8.GetBytes(PaymentRecords.Text(number)), [new("h", "v"u8.ToArray())]);

        Assert.True(producer.Flush(IngestScene.Bound));
        Assert.Equal((2_000, 2_000, 0), (producer.Produced, producer.Acknowledged, producer.Failed));
        Assert.Equal("v", Encoding.UTF8.GetString(scene.Read(IngestScene.Input, 2_000)[1_999].Message.Headers.GetLastBytes("h")));
    }
}

using AEAnomaly.Ingest.Embedded;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Embedded;

public sealed class EmbeddedClusterTests
{
    [Fact]
    public void Start_ThenProduceAndConsume_RecordComesBack()
    {
        using var cluster = EmbeddedCluster.Start();
        cluster.CreateTopic("in", 2);
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = cluster.BootstrapServers }).Build();
        producer.Produce(new TopicPartition("in", 1), new Message<Null, string> { Value = "hello" });
        Assert.Equal(0, producer.Flush(TimeSpan.FromSeconds(10)));

        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig { BootstrapServers = cluster.BootstrapServers, GroupId = "g" }).Build();
        consumer.Assign(new TopicPartitionOffset("in", 1, Offset.Beginning));
        var result = consumer.Consume(TimeSpan.FromSeconds(10));

        Assert.Equal("hello", result?.Message.Value);
    }

    [Fact]
    public void CreateTopic_TwoPartitions_MetadataShowsTwo()
    {
        using var cluster = EmbeddedCluster.Start();
        cluster.CreateTopic("two", 2);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = cluster.BootstrapServers }).Build();

        var topic = Assert.Single(admin.GetMetadata("two", TimeSpan.FromSeconds(10)).Topics);

        Assert.Equal(2, topic.Partitions.Count);
    }

    [Fact]
    public void CreateTopic_Twice_ThrowsNamingTopic()
    {
        using var cluster = EmbeddedCluster.Start();
        cluster.CreateTopic("once", 1);

        var error = Assert.Throws<InvalidOperationException>(() => cluster.CreateTopic("once", 1));

        Assert.Contains("'once'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SetBrokerDown_UnknownBroker_ThrowsNamingBroker()
    {
        using var cluster = EmbeddedCluster.Start(2);

        var error = Assert.Throws<InvalidOperationException>(() => cluster.SetBrokerDown(7));

        Assert.Contains("broker 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PushErrors_Produce_DeliveryFailsOnce()
    {
        using var cluster = EmbeddedCluster.Start();
        cluster.CreateTopic("in", 1);
        cluster.PushErrors(0, (int)ErrorCode.MsgSizeTooLarge);
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = cluster.BootstrapServers, LingerMs = 0 }).Build();
        var codes = new List<ErrorCode>();
        for (var i = 0; i < 2; i++)
        {
            producer.Produce("in", new Message<Null, string> { Value = "x" }, report => codes.Add(report.Error.Code));
            producer.Flush(TimeSpan.FromSeconds(10));
        }

        Assert.Equal([ErrorCode.MsgSizeTooLarge, ErrorCode.NoError], codes);
    }

    [Fact]
    public void CreateTopic_Disposed_Throws()
    {
        var cluster = EmbeddedCluster.Start();
        cluster.Dispose();

        Assert.Throws<ObjectDisposedException>(() => cluster.CreateTopic("late", 1));
    }
}

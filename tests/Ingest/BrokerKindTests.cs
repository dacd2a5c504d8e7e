using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests;

/// <summary>What tests of the main path rely on is the same on the embedded cluster and on a real broker.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class BrokerKindTests(BrokerFixture brokers)
{
    [Theory]
    [BrokerData(BrokerKind.Embedded)]
    [BrokerData(BrokerKind.Real)]
    public async Task WriteThenRead_EitherKind_GivesKeysValuesHeadersAndTimes(BrokerKind kind)
    {
        var broker = brokers.Of(kind);
        var topic = await broker.CreateUniqueTopicAsync("written", partitions: 3);
        var time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        using (var writer = new TopicWriter(broker, topic))
        {
            for (var number = 0; number < 300; number++)
                writer.Write($"key-{number}", $"value-{number}", ("number", $"{number}"));
            writer.Write([1], null, partition: 2, time);
        }

        var records = TopicReader.ReadToEnd(broker, topic);
        Assert.Equal(301, records.Count);
        Assert.Equal([0, 1, 2], records.Select(record => record.Partition).Distinct().Order());
        var one = Assert.Single(records, record => record.KeyText == "key-7");
        Assert.Equal("value-7", one.ValueText);
        Assert.Equal("7", one.Header("number"));
        var tombstone = Assert.Single(records, record => record.Value is null);
        Assert.Equal((2, time), (tombstone.Partition, tombstone.Timestamp));
    }

    [Theory]
    [BrokerData(BrokerKind.Embedded)]
    [BrokerData(BrokerKind.Real)]
    public async Task ReadCount_MoreThanThereIs_SaysWhatItRead(BrokerKind kind)
    {
        var broker = brokers.Of(kind);
        var topic = await broker.CreateUniqueTopicAsync("short");
        using (var writer = new TopicWriter(broker, topic))
            writer.Write("key", "the only one");

        var error = Assert.Throws<TimeoutException>(() => TopicReader.ReadCount(broker, topic, 2, TimeSpan.FromSeconds(2)));

        Assert.Contains("read 1 records, the last: the only one", error.Message, StringComparison.Ordinal);
    }

    [RealBrokerFact(needsControl: true)]
    public async Task KillAndStartAgain_RealBroker_KeepsItsPortAndRecords()
    {
        await using var broker = await RealBroker.StartAsync();
        var address = broker.BootstrapServers;
        await broker.CreateTopicAsync("kept");
        using (var writer = new TopicWriter(broker, "kept"))
            writer.Write("key", "value");

        await broker.KillAsync();
        Assert.False(await broker.IsRunningAsync());
        await broker.StartAgainAsync();

        Assert.Equal(address, broker.BootstrapServers);
        Assert.Equal("value", Assert.Single(TopicReader.ReadCount(broker, "kept", 1)).ValueText);
    }

    [RealBrokerFact(needsControl: true)]
    public async Task PauseAndResume_RealBroker_AnswersOnlyAfterwards()
    {
        await using var broker = await RealBroker.StartAsync();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await broker.PauseAsync();

        Assert.Throws<KafkaException>(() => admin.GetMetadata(TimeSpan.FromSeconds(1)));
        await broker.ResumeAsync();

        Assert.Single(admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers);
    }

    [RealBrokerFact(needsControl: true)]
    public async Task StartAsync_SettingKafkaRefuses_ThrowsWithItsLog()
    {
        var settings = new Dictionary<string, string> { ["num.io.threads"] = "none" };

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => RealBroker.StartAsync(settings));

        Assert.Contains("num.io.threads", error.Message, StringComparison.Ordinal);
    }
}

using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Ingest.Tests.Kafka;

public sealed class KafkaRecordHistoryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelledWhileNoBrokerAnswers_EndsAsCancelledAtOnce(bool isReading)
    {
        using var scene = new IngestScene();
        scene.Cluster.SetBrokerDown();
        var history = History(scene);
        using var ending = new CancellationTokenSource();
        Task work = isReading
            ? history.ReadAsync(new HistoryWindow(null, 100), new RecordBatch(PaymentRecords.Spec, 1), null, ending.Token)
            : history.CountAsync(new HistoryWindow(null, 100), ending.Token);

        await ending.CancelAsync();

        // A question to a broker takes five seconds to be given up.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.WaitAsync(TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task CountAsync_MoreThanWanted_CountsWantedOnly()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 1_000);
        var history = History(scene);

        Assert.Equal(1_000, await history.CountAsync(new HistoryWindow(null, 50_000), CancellationToken.None));
        Assert.Equal(300, await history.CountAsync(new HistoryWindow(TimeSpan.FromHours(1), 300), CancellationToken.None));
    }

    [Fact]
    public async Task ReadAsync_MoreThanWanted_ReadsNewestOfEveryPartitionInOrder()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 1_000);
        var target = new RecordBatch(PaymentRecords.Spec, 16);

        var ranges = await History(scene).ReadAsync(new HistoryWindow(null, 300), target, null, CancellationToken.None);

        Assert.Equal(300, target.Count);
        Assert.Equal(300, ranges.Sum(range => range.ToOffset - range.FromOffset));
        Assert.Equal(1_000, ranges.Sum(range => range.ToOffset));
        foreach (var partition in target.Origins.ToArray().GroupBy(origin => origin.Partition))
            Assert.Equal(partition.Select(origin => origin.Offset).Order(), partition.Select(origin => origin.Offset));
    }

    [Fact]
    public async Task ReadAsync_WindowYoungerThanHalfOfTheRecords_ReadsTheYoungerHalf()
    {
        using var scene = new IngestScene(partitions: 1);
        using (var producer = new TopicProducer(scene.Options()))
        {
            for (var number = 0; number < 100; number++)
            {
                var age = TimeSpan.FromHours(number < 50 ? 30 : 2);
                producer.Produce(IngestScene.Input, null, System.Text.Encoding.UTF8.GetBytes(PaymentRecords.Text(number)), null, DateTimeOffset.UtcNow - age);
            }

            Assert.True(producer.Flush(IngestScene.Bound));
        }

        var target = new RecordBatch(PaymentRecords.Spec, 16);
        var ranges = await History(scene).ReadAsync(new HistoryWindow(TimeSpan.FromHours(24), 1_000), target, null, CancellationToken.None);

        Assert.Equal(Enumerable.Range(50, 50).Select(number => (double)number), target.Numbers(1).ToArray());
        Assert.Equal([new HistoryRange(IngestScene.Input, 0, 50, 100)], ranges);
    }

    [Fact]
    public async Task CountAsync_AllOlderThanWindow_CountsNone()
    {
        using var scene = new IngestScene(partitions: 1);
        using (var producer = new TopicProducer(scene.Options()))
        {
            producer.Produce(IngestScene.Input, null, "a;1"u8.ToArray(), null, DateTimeOffset.UtcNow.AddDays(-2));
            Assert.True(producer.Flush(IngestScene.Bound));
        }

        Assert.Equal(0, await History(scene).CountAsync(new HistoryWindow(TimeSpan.FromDays(1), 1_000), CancellationToken.None));
    }

    [Fact]
    public async Task ReadAsync_BadRecordAndTombstone_SkipsBoth()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 2);
        scene.Produce("k"u8.ToArray(), "rubbish"u8.ToArray());
        scene.Produce("k"u8.ToArray(), null);
        scene.Produce(2, 2);
        var target = new RecordBatch(PaymentRecords.Spec, 16);

        var ranges = await History(scene).ReadAsync(new HistoryWindow(null, 1_000), target, null, CancellationToken.None);

        Assert.Equal([0.0, 1, 2, 3], target.Numbers(1).ToArray());
        Assert.Equal([new HistoryRange(IngestScene.Input, 0, 0, 6)], ranges);
    }

    [Fact]
    public async Task CountAsync_TopicDoesNotExist_IsZeroAndSaysWhy()
    {
        using var scene = new IngestScene(createTopics: false);
        var history = History(scene);

        Assert.Equal(0, await history.CountAsync(new HistoryWindow(null, 1_000), CancellationToken.None));
        Assert.Contains("'in' does not exist", history.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CountAsync_NoBroker_ThrowsNamingTopicAndBroker()
    {
        using var scene = new IngestScene();
        scene.Cluster.SetBrokerDown();

        var error = await Assert.ThrowsAsync<TopicUnavailableException>(
            () => History(scene, TimeSpan.FromMilliseconds(300)).CountAsync(new HistoryWindow(null, 1_000), CancellationToken.None));

        Assert.Contains("'in'", error.Message, StringComparison.Ordinal);
        Assert.Contains(scene.Cluster.BootstrapServers, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_Throws()
    {
        using var scene = new IngestScene();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => History(scene).ReadAsync(new HistoryWindow(null, 10), new RecordBatch(PaymentRecords.Spec, 1), null, cancelled.Token));
    }

    private static KafkaRecordHistory History(IngestScene scene, TimeSpan? requestTimeout = null) => new(
        scene.Options(requestTimeout),
        new DetectorRoute("payments", [IngestScene.Input], IngestScene.AlertTopic, IngestScene.DeadLetterTopic, "group"),
        new PaymentRecords(),
        TimeProvider.System,
        NullLogger<KafkaRecordHistory>.Instance);
}

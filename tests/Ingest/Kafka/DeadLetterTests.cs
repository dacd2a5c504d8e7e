using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

public sealed class DeadLetterTests
{
    [Fact]
    public async Task RunAsync_BadRecord_DeadLetterHasOriginalAndReasonAndTheRestGoesOn()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 3);
        var headers = new Headers { { "trace", "abc"u8.ToArray() }, { "trace", "def"u8.ToArray() }, { "empty", null } };
        scene.Produce("card9"u8.ToArray(), "rubbish"u8.ToArray(), headers);
        scene.Produce(3, 3);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);

        var letter = Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1)).Message;
        await IngestScene.Until(() => processor.Count >= 6, "the good records processed");
        await running.StopAsync();

        Assert.Equal("card9", Encoding.UTF8.GetString(letter.Key!));
        Assert.Equal("rubbish", Encoding.UTF8.GetString(letter.Value!));
        Assert.Equal(["abc", "def"], letter.Headers.Where(h => h.Key == "trace").Select(h => Encoding.UTF8.GetString(h.GetValueBytes())));
        Assert.Contains(letter.Headers, h => h.Key == "empty" && h.GetValueBytes() is null);
        Assert.Equal(
            ("in", "0", "3", "decode", "malformed", "amount", "payments", "'rubbish' is not card;amount"),
            (Header(letter, "topic"), Header(letter, "partition"), Header(letter, "offset"), Header(letter, "stage"), Header(letter, "reason"),
                Header(letter, "field"), Header(letter, "detector"), Header(letter, "error")));
        Assert.InRange(long.Parse(Header(letter, "timestamp")!), 1, long.MaxValue);
        Assert.Equal(Enumerable.Range(0, 6), processor.Numbers.Order());
        Assert.Equal(7, scene.Committed(partitions: 1));
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3030 && line.Text.Contains("in/0 offset 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_ChangeEventOfADelete_IsPassedOverCountedAndCommitted()
    {
        using var scene = new IngestScene(partitions: 1);
        using var tombstones = new CounterReading(scene.Metrics, "aeanomaly.records.tombstones");
        scene.Produce("a"u8.ToArray(), "deleted"u8.ToArray());
        scene.Produce("a"u8.ToArray(), null);
        scene.Produce("a"u8.ToArray(), "nonsense"u8.ToArray());
        scene.Produce(0, 10);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);

        await IngestScene.Until(() => scene.Committed(partitions: 1) == 13, "all committed", () => $"{scene.Committed(partitions: 1)}");
        await running.StopAsync();

        Assert.Equal((10, 2L), (processor.Count, tombstones.Total));
        Assert.Equal("nonsense", System.Text.Encoding.UTF8.GetString(Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1)).Message.Value!));
    }

    [Fact]
    public async Task RunAsync_Tombstone_IsPassedOverCountedAndCommitted()
    {
        using var scene = new IngestScene(partitions: 1);
        using var tombstones = new CounterReading(scene.Metrics, "aeanomaly.records.tombstones");
        scene.Produce("card1"u8.ToArray(), null);
        scene.Produce("card1"u8.ToArray(), []);
        scene.Produce(0, 1);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);

        // The empty value is no tombstone: it is bad input.
        var letter = Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1)).Message;
        await IngestScene.Until(() => processor.Count >= 1, "the record processed");
        await running.StopAsync();

        Assert.Equal("1", Header(letter, "offset"));
        Assert.Equal(1, tombstones.Total);
        Assert.Equal(3, scene.Committed(partitions: 1));
    }

    [Fact]
    public async Task RunAsync_ValueAboveLimitAndAboveDeadLetterLimit_IsCutWithSizeAndHash()
    {
        using var scene = new IngestScene(partitions: 1);
        var value = new byte[600_000];
        new Random(7).NextBytes(value);
        scene.Produce("card1"u8.ToArray(), value);
        var options = scene.Options();
        options.MaxRecordBytes = 100_000;
        options.MaxDeadLetterBytes = 200_000;
        await using var running = scene.Start(new RecordingProcessor(), options);

        var letter = Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1)).Message;

        Assert.Equal(("ingest", "too_large"), (Header(letter, "stage"), Header(letter, "reason")));
        Assert.Contains("600000", Header(letter, "error"), StringComparison.Ordinal);
        Assert.Equal("600000", Header(letter, "value_size"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(value)), Header(letter, "value_sha256"));
        Assert.InRange(letter.Value!.Length, 100_000, 200_000);
        Assert.Equal(value[..letter.Value.Length], letter.Value);
    }

    [Fact]
    public async Task RunAsync_ValueAboveLimitBelowDeadLetterLimit_IsKeptWhole()
    {
        using var scene = new IngestScene(partitions: 1);
        var value = new byte[150_000];
        scene.Produce(null, value);
        var options = scene.Options();
        options.MaxRecordBytes = 100_000;
        await using var running = scene.Start(new RecordingProcessor(), options);

        var letter = Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1)).Message;

        Assert.Null(letter.Key);
        Assert.Equal(value, letter.Value);
        Assert.Null(Header(letter, "value_sha256"));
    }

    [Fact]
    public async Task RunAsync_LargeKeyAndHeaders_DeadLetterStaysWithinLimit()
    {
        using var scene = new IngestScene(partitions: 1);
        var headers = new Headers();
        for (var i = 0; i < 100; i++)
            headers.Add("h", new byte[1_000]);
        scene.Produce(new byte[100_000], new byte[100_000], headers);
        var options = scene.Options();
        options.MaxDeadLetterBytes = 16_384;
        await using var running = scene.Start(new RecordingProcessor(), options);

        var letter = Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1)).Message;

        Assert.InRange(letter.Key!.Length + letter.Value!.Length + letter.Headers.Sum(h => h.Key.Length + h.GetValueBytes()?.Length ?? 0), 1, 16_384);
        Assert.Equal(("100000", "100000", "100"), (Header(letter, "key_size"), Header(letter, "value_size"), Header(letter, "headers_dropped")));
    }

    [Fact]
    public async Task RunAsync_BrokerRefusesDeadLetterAsTooLargeByItself_IsCutAndDelivered()
    {
        using var scene = new IngestScene(partitions: 1);
        var value = Encoding.UTF8.GetBytes(new string('x', 10_000));
        scene.Produce(null, value);
        // In batches of up to 1,000,000, 250,000, 62,500 and 15,625 bytes it may have had neighbours.
        scene.Cluster.PushErrors(0, [.. Enumerable.Repeat((int)ErrorCode.MsgSizeTooLarge, 5)]);
        await using var running = scene.Start(new RecordingProcessor());

        var letter = Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1)).Message;
        await running.StopAsync();

        Assert.Equal(2_500, letter.Value!.Length);
        Assert.Equal("too_large", Header(letter, "shortened"));
        Assert.Equal(("10000", Convert.ToHexStringLower(SHA256.HashData(value))), (Header(letter, "value_size"), Header(letter, "value_sha256")));
        Assert.Equal(1, scene.Committed(partitions: 1));
    }

    [Fact]
    public async Task RunAsync_BrokerRefusesABatch_IsDeliveredWholeInASmallerOne()
    {
        using var scene = new IngestScene(partitions: 1);
        var value = Encoding.UTF8.GetBytes(new string('x', 10_000));
        scene.Produce(null, value);
        scene.Cluster.PushErrors(0, (int)ErrorCode.MsgSizeTooLarge);
        await using var running = scene.Start(new RecordingProcessor());

        var letter = Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1)).Message;
        await running.StopAsync();

        Assert.Equal(value, letter.Value);
        Assert.Null(Header(letter, "shortened"));
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3024 && line.Text.Contains("at most 250000 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_ManyBadRecords_AllDeadLetteredAndLogBounded()
    {
        using var scene = new IngestScene(partitions: 1);
        using var counted = new CounterReading(scene.Metrics, "aeanomaly.dead_letters");
        using (var producer = new Ingest.Kafka.TopicProducer(scene.Options()))
        {
            for (var i = 0; i < 2_000; i++)
                producer.Produce(IngestScene.Input, null, "rubbish"u8.ToArray());
            Assert.True(producer.Flush(IngestScene.Bound));
        }

        await using var running = scene.Start(new RecordingProcessor());
        await IngestScene.Until(() => counted.Total >= 2_000, "all dead-lettered", () => $"{counted.Total}");
        await running.StopAsync();

        Assert.Equal(2_000, scene.Read(IngestScene.DeadLetterTopic, 2_000).Select(letter => Header(letter.Message, "offset")).Distinct().Count());
        Assert.Equal(2_000, scene.Committed(partitions: 1));
        Assert.InRange(scene.Logger.Lines.Count(line => line.Id == 3030), 1, 50);
        Assert.All(
            scene.Logger.Lines.Where(line => line.Id == 3030),
            line => Assert.EndsWith($" is not card;amount; it goes to topic {IngestScene.DeadLetterTopic}", line.Text, StringComparison.Ordinal));
    }

    private static string? Header(Message<byte[]?, byte[]?> letter, string name) =>
        letter.Headers.TryGetLastBytes("aeanomaly." + name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}

using System.Text;
using AEAnomaly.Ingest.Kafka;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>A record that a fault of this program meets goes to the dead letters with its reason, once, and all others go on.</summary>
public sealed class PoisonRecordTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public async Task RunAsync_RecordThatMakesScoringThrow_IsDeadLetteredWholeAndTheOthersAreProcessedOnce(int batchRecords)
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 13);
        scene.Produce("card13"u8.ToArray(), "card13;13"u8.ToArray(), new Headers { { "trace", "abc"u8.ToArray() } });
        scene.Produce(14, 26);
        var processor = new RecordingProcessor
        {
            Alerts = number => number % 2 == 0,
            BeforeBatch = batch =>
            {
                if (batch.Numbers(1).Contains(13))
                    throw new InvalidOperationException("thirteen");
            },
        };
        var options = scene.Options();
        options.BatchRecords = batchRecords;
        await using var running = scene.Start(processor, options);

        var letter = Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1)).Message;
        await IngestScene.Until(() => processor.Count >= 39, "the others are processed", () => $"{processor.Count}, {running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(("card13", "card13;13"), (Encoding.UTF8.GetString(letter.Key!), Encoding.UTF8.GetString(letter.Value!)));
        Assert.Equal(("score", "scoring_fault", "13", "Scoring the record failed: thirteen"), (Header(letter, "stage"), Header(letter, "reason"), Header(letter, "offset"), Header(letter, "error")));
        Assert.Equal("abc", Encoding.UTF8.GetString(letter.Headers.GetLastBytes("trace")));
        Assert.Equal(Enumerable.Range(0, 40).Where(number => number != 13), processor.Numbers);
        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => $"{2 * i}"),
            scene.Read(IngestScene.AlertTopic, (int)scene.End(IngestScene.AlertTopic)).Select(alert => Encoding.UTF8.GetString(alert.Message.Value!)));
        Assert.Equal((40, 1), (scene.Committed(partitions: 1), scene.End(IngestScene.DeadLetterTopic)));
    }

    [Fact]
    public async Task RunAsync_RecordThatCannotBeToldOf_IsDeadLetteredAndTheOthersAreAlerted()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 20);
        var processor = new RecordingProcessor { Alerts = _ => true, Refuses = number => number is 3 or 11 };
        await using var running = scene.Start(processor);

        var letters = scene.Read(IngestScene.DeadLetterTopic, 2);
        var alerts = scene.Read(IngestScene.AlertTopic, 18);
        await running.StopAsync();

        Assert.Equal([PaymentRecords.Text(3), PaymentRecords.Text(11)], letters.Select(letter => Encoding.UTF8.GetString(letter.Message.Value!)));
        Assert.Equal(18, alerts.Select(alert => Encoding.UTF8.GetString(alert.Message.Value!)).Distinct().Count());
        Assert.Equal(20, scene.Committed(partitions: 1));
    }

    [Fact]
    public async Task RunAsync_RecordReadBeforeTheModelThatMakesScoringThrow_IsDeadLetteredWhole()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 20);
        var processor = new RecordingProcessor
        {
            IsReady = false,
            BeforeBatch = batch =>
            {
                if (batch.Numbers(1).Contains(7))
                    throw new InvalidOperationException("seven");
            },
        };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => running.Consumer.Status.State == ConsumerState.WaitingForModel, "it waits", () => $"{running.Consumer.Status}");
        processor.IsReady = true;

        var letter = Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1)).Message;
        await IngestScene.Until(() => processor.Count >= 19, "the others are processed");
        await running.StopAsync();

        Assert.Equal(PaymentRecords.Text(7), Encoding.UTF8.GetString(letter.Value!));
        Assert.Equal(20, scene.Committed(partitions: 1));
    }

    [Fact]
    public async Task RunAsync_TimestampBeyondTheYear9999_IsDeadLettered()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 5);
        foreach (var timestampMs in new[] { 253_402_300_799_999, 253_402_300_800_000, 1_772_452_800_000_000 })
            scene.Produce("late;7"u8.ToArray(), timestampMs);
        scene.Produce(5, 5);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);

        var letters = scene.Read(IngestScene.DeadLetterTopic, 2).Select(letter => letter.Message).ToList();
        await IngestScene.Until(() => processor.Count >= 11, "the others are processed");
        await running.StopAsync();

        Assert.All(letters, letter => Assert.Equal(("ingest", "time_out_of_range", "late;7"), (Header(letter, "stage"), Header(letter, "reason"), Encoding.UTF8.GetString(letter.Value!))));
        Assert.Equal(["253402300800000", "1772452800000000"], letters.Select(letter => Header(letter, "timestamp")));
        Assert.Equal(13, scene.Committed(partitions: 1));
    }

    private static string? Header(Message<byte[]?, byte[]?> letter, string name) =>
        letter.Headers.TryGetLastBytes("aeanomaly." + name, out var value) ? Encoding.UTF8.GetString(value) : null;
}

using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>A processor that has to know what came before is handed the records before the first new one of each partition it begins to read.</summary>
public sealed class PastRecordsTests
{
    [Fact]
    public async Task RunAsync_Restarted_HandsOverThePastOfEachPartitionBeforeItsFirstNewRecord()
    {
        using var scene = new IngestScene();
        await ProcessAll(scene, 0, 300);
        scene.Produce(300, 90);
        var processor = new RecordingProcessor { PastRecords = 20 };
        using var consumed = new CounterReading(scene.Metrics, "aeanomaly.records.consumed");
        using var recalled = new CounterReading(scene.Metrics, "aeanomaly.records.recalled");
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 90, "the new records processed", () => $"{processor.Count}, {running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(300, 90), processor.Numbers.Order());
        AssertPastEndsWhereTheNewBegins(processor, partitions: 3, past: 20);
        Assert.Equal((90L, 60L), (consumed.Total, recalled.Total));
        Assert.Equal(390, scene.Committed());
    }

    [Fact]
    public async Task RunAsync_ProcessorKnowsTheRecordsUpToAnOffset_HandsOverWhatLiesBetweenAndTellsWhatIsCommitted()
    {
        using var scene = new IngestScene();
        await ProcessAll(scene, 0, 300);
        scene.Produce(300, 90);
        var processor = new RecordingProcessor { Past = static (_, first) => new PastWanted(0, FromOffset: first - 7) };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 90, "the new records processed", () => $"{processor.Count}, {running.Consumer.Status}");
        await IngestScene.Until(() => processor.CommittedTo.Values.Sum() == 390, "all is told to be committed", () => $"{string.Join(' ', processor.CommittedTo)}");
        await running.StopAsync();

        AssertPastEndsWhereTheNewBegins(processor, partitions: 3, past: 7);
        Assert.Equal([ForgetReason.GivenAway], processor.ForgetReasons);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    public async Task RunAsync_ProcessorKnowsAllOrMore_HandsOverNoPast(long beyond)
    {
        using var scene = new IngestScene();
        await ProcessAll(scene, 0, 300);
        scene.Produce(300, 90);
        var processor = new RecordingProcessor { Past = (_, first) => new PastWanted(0, FromOffset: first + beyond) };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 90, "the new records processed", () => $"{processor.Count}, {running.Consumer.Status}");
        await running.StopAsync();

        Assert.Empty(processor.Recalled);
        Assert.Equal(Enumerable.Range(300, 90), processor.Numbers.Order());
    }

    [Fact]
    public async Task RunAsync_PastByAgeWhereNobodyTellsOffsetsOfTimes_IsAllThatThereIs()
    {
        using var scene = new IngestScene();
        await ProcessAll(scene, 0, 300);
        scene.Produce(300, 90);
        var processor = new RecordingProcessor { Past = static (_, _) => new PastWanted(5, TimeSpan.FromDays(30)) };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 90, "the new records processed", () => $"{processor.Count}, {running.Consumer.Status}");
        await running.StopAsync();

        AssertPastEndsWhereTheNewBegins(processor, partitions: 3, past: int.MaxValue);
    }

    [Fact]
    public async Task RunAsync_Restarted_HandsOverTheAlertsPublishedBeforeAnyRecord()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 30);
        await using (var before = scene.Start(new RecordingProcessor { Alerts = number => number % 10 == 0 }))
        {
            await IngestScene.Until(() => scene.Committed(partitions: 1) == 30, "all is committed");
            await before.StopAsync();
        }

        scene.Produce(30, 10);
        var processor = new RecordingProcessor { PastAlerts = TimeSpan.FromMinutes(15) };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count == 10, "the new ones are processed");

        Assert.Equal([("0", 0), ("10", 0), ("20", 0)], processor.RecalledAlerts);
    }

    [Fact]
    public async Task RunAsync_FewerRecordsThanWanted_HandsOverAllThereAre()
    {
        using var scene = new IngestScene(partitions: 1);
        await ProcessAll(scene, 0, 30);
        scene.Produce(30, 5);
        var processor = new RecordingProcessor { PastRecords = 100_000 };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 5, "the new records processed");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(0, 30), processor.Recalled.Select(record => record.Number));
        Assert.Equal(Enumerable.Range(30, 5), processor.Numbers);
    }

    [Fact]
    public async Task RunAsync_BadRecordsAndTombstonesInThePast_AreCountedAndNotDeadLetteredAgain()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 10);
        scene.Produce("card1"u8.ToArray(), "no number"u8.ToArray());
        scene.Produce("card1"u8.ToArray(), null);
        await ProcessAll(scene, 10, 10);
        Assert.Single(scene.Read(IngestScene.DeadLetterTopic, 1));
        scene.Produce(20, 5);
        var processor = new RecordingProcessor { PastRecords = 15 };
        using var failures = new CounterReading(scene.Metrics, "aeanomaly.decode.failures");
        using var dead = new CounterReading(scene.Metrics, "aeanomaly.dead_letters");
        using var recalled = new CounterReading(scene.Metrics, "aeanomaly.records.recalled");
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 5, "the new records processed");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(7, 13), processor.Recalled.Select(record => record.Number));
        Assert.Equal((0L, 0L, 15L), (failures.Total, dead.Total, recalled.Total));
    }

    [Fact]
    public async Task RunAsync_NoModelYet_ThePastWaitsAndNothingIsCommittedBack()
    {
        using var scene = new IngestScene();
        await ProcessAll(scene, 0, 300);
        var processor = new RecordingProcessor { PastRecords = 50, IsReady = false };
        await using (var waiting = scene.Start(processor))
        {
            await IngestScene.Until(() => waiting.Consumer.Status is { State: ConsumerState.WaitingForModel, AssignedPartitions: 3 }, "paused");
            await waiting.StopAsync();
        }

        Assert.Equal(300, scene.Committed());
        Assert.Empty(processor.Recalled);
        scene.Produce(300, 30);
        processor = new RecordingProcessor { PastRecords = 50, IsReady = false };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => running.Consumer.Status is { State: ConsumerState.WaitingForModel, AssignedPartitions: 3 }, "paused again");
        processor.IsReady = true;
        await IngestScene.Until(() => processor.Count >= 30, "the new records processed");
        await running.StopAsync();

        AssertPastEndsWhereTheNewBegins(processor, partitions: 3, past: 50);
        Assert.Equal(330, scene.Committed());
    }

    [Fact]
    public async Task RunAsync_FromLatest_ThePastOfANewGroupIsThatBeforeTheEnd()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 300);
        var processor = new RecordingProcessor { PastRecords = 10 };
        await using var running = scene.Start(processor, scene.Options(("auto.offset.reset", "latest")));
        await IngestScene.Until(() => processor.Recalled.Count >= 30, "the past handed over", () => $"{processor.Recalled.Count}");
        scene.Produce(300, 60);
        await IngestScene.Until(() => processor.Count >= 60, "the new records processed");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(300, 60), processor.Numbers.Order());
        AssertPastEndsWhereTheNewBegins(processor, partitions: 3, past: 10);
        Assert.Equal(360, scene.Committed());
    }

    [Fact]
    public async Task RunAsync_APartitionGoesAndComesBack_IsForgottenAndItsPastComesAgain()
    {
        using var scene = new IngestScene(partitions: 6);
        var first = new RecordingProcessor { PastRecords = 1_000 };
        var second = new RecordingProcessor { PastRecords = 1_000 };
        await using var one = scene.Start(first);
        await IngestScene.Until(() => one.Consumer.Status.AssignedPartitions == 6, "one has all partitions");
        scene.Produce(0, 600);
        await IngestScene.Until(() => first.Count >= 600, "one has processed all");
        await using var two = scene.Start(second);
        await IngestScene.Until(
            () => one.Consumer.Status.AssignedPartitions == 3 && two.Consumer.Status.AssignedPartitions == 3, "each has its half", () => $"{one.Consumer.Status} {two.Consumer.Status}");
        scene.Produce(600, 600);
        await IngestScene.Until(() => first.Count + second.Count >= 1_200, "all so far processed");
        var moved = second.Origins.Select(origin => origin.Partition).ToHashSet();
        Assert.NotEmpty(moved);
        Assert.Superset(moved, first.Forgotten.ToHashSet());
        AssertPastEndsWhereTheNewBegins(second, moved.Count, past: int.MaxValue);

        await two.StopAsync();
        await IngestScene.Until(() => one.Consumer.Status.AssignedPartitions == 6, "one has all partitions again");
        scene.Produce(1_200, 600);
        await IngestScene.Until(() => first.Count + second.Count >= 1_800, "all processed");
        await one.StopAsync();

        // What the other one processed comes as past, up to where this one goes on.
        foreach (var partition in moved)
        {
            var processed = first.Origins.Where(origin => origin.Partition == partition).Select(origin => origin.Offset).ToArray();
            var gap = Enumerable.Range(1, processed.Length - 1).First(i => processed[i] != processed[i - 1] + 1);
            var recalled = first.Recalled.Where(record => record.Origin.Partition == partition).Select(record => record.Origin.Offset).ToArray();
            Assert.Equal(Enumerable.Range(0, (int)processed[gap]).Select(offset => (long)offset), recalled);
        }

        Assert.Equal(1_800, scene.Committed(partitions: 6));
    }

    private static async Task ProcessAll(IngestScene scene, int from, int count)
    {
        scene.Produce(from, count);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Numbers.Contains(from + count - 1) && processor.Count >= from + count, "all processed", () => $"{processor.Count}, {running.Consumer.Status}");
        await running.StopAsync();
    }

    private static void AssertPastEndsWhereTheNewBegins(RecordingProcessor processor, int partitions, int past)
    {
        var recalled = processor.Recalled.GroupBy(record => record.Origin.Partition).ToDictionary(group => group.Key, group => group.ToArray());
        Assert.Equal(partitions, recalled.Count);
        foreach (var (partition, records) in recalled)
        {
            var firstNew = processor.Origins.First(origin => origin.Partition == partition).Offset;
            var count = (int)Math.Min(past, firstNew);
            Assert.Equal(Enumerable.Range(0, count).Select(i => firstNew - count + i), records.Select(record => record.Origin.Offset));
            Assert.All(records, record => Assert.Equal(0, record.ProcessedBefore));
        }
    }
}

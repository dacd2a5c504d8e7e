using System.Text;
using AEAnomaly.Ingest.Kafka;

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
        Assert.Single(processor.Origins.Select(origin => origin.Topic).Distinct(ReferenceEqualityComparer.Instance));
        Assert.Equal(5_000, scene.Committed());
        Assert.Equal(ConsumerState.Stopped, running.Consumer.Status.State);
    }

    [Fact]
    public async Task RunAsync_RecordWithBrokerTimestamp_OriginCarriesIt()
    {
        using var scene = new IngestScene(partitions: 1);
        var time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);
        using (var producer = new TopicProducer(scene.Options()))
        {
            producer.Produce(IngestScene.Input, null, "a;1"u8.ToArray(), null, time);
            Assert.True(producer.Flush(IngestScene.Bound));
        }

        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count == 1, "the record processed");

        Assert.Equal(time.ToUnixTimeMilliseconds(), processor.Origins[0].TimestampMs);
    }

    [Fact]
    public async Task RunAsync_Anomalies_AlertsArriveWithKeyAndHeaders()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 100);
        var processor = new RecordingProcessor { Alerts = number => number % 10 == 3 };
        await using var running = scene.Start(processor);

        var alerts = scene.Read(IngestScene.AlertTopic, 10);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => (10 * i) + 3), alerts.Select(alert => int.Parse(Encoding.UTF8.GetString(alert.Message.Value!))).Order());
        var first = alerts.Single(alert => Encoding.UTF8.GetString(alert.Message.Value!) == "13");
        Assert.Equal("card6", Encoding.UTF8.GetString(first.Message.Key!));
        Assert.Equal("13", Encoding.UTF8.GetString(first.Message.Headers.GetLastBytes("ce_id")));
        await running.StopAsync();
        Assert.Equal(100, scene.Committed());
    }

    [Fact]
    public async Task RunAsync_StoppedAndStartedAgain_ContinuesWhereItStopped()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 300);
        var first = new RecordingProcessor();
        await using (var running = scene.Start(first))
        {
            await IngestScene.Until(() => first.Count >= 300, "the first records processed");
            await running.StopAsync();
        }

        scene.Produce(300, 200);
        var second = new RecordingProcessor();
        await using (var running = scene.Start(second))
        {
            await IngestScene.Until(() => second.Count >= 200, "the other records processed", () => $"{second.Count}");
            await running.StopAsync();
        }

        Assert.Equal(Enumerable.Range(0, 300), first.Numbers.Order());
        Assert.Equal(Enumerable.Range(300, 200), second.Numbers.Order());
        Assert.Equal(500, scene.Committed());
    }

    [Fact]
    public async Task RunAsync_NoModelYet_PausesThenProcessesEverything()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 50);
        var processor = new RecordingProcessor { IsReady = false };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => running.Consumer.Status is { State: ConsumerState.WaitingForModel, AssignedPartitions: 3 }, "paused", () => $"{running.Consumer.Status}");
        scene.Produce(50, 50);
        var ticks = processor.Ticks;
        await IngestScene.Until(() => processor.Ticks > ticks, "the loop goes on");
        Assert.Equal(0, processor.Count);

        processor.IsReady = true;
        await IngestScene.Until(() => processor.Count >= 100, "all records processed", () => $"{processor.Count}, {running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(0, 100), processor.Numbers.Order());
        Assert.Equal(100, scene.Committed());
    }

    [Fact]
    public async Task RunAsync_StoppedBeforeModel_NextStartReadsEverything()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 50);
        await using (var running = scene.Start(new RecordingProcessor { IsReady = false }))
        {
            await IngestScene.Until(() => running.Consumer.Status.AssignedPartitions == 3, "assigned");
            await running.StopAsync();
        }

        var processor = new RecordingProcessor();
        await using var again = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 50, "all records processed");

        Assert.Equal(Enumerable.Range(0, 50), processor.Numbers.Order());
    }

    [Fact]
    public async Task RunAsync_FromLatestWithoutModel_RecordsThatCameMeanwhileAreNotSkipped()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 30);
        var options = scene.Options(("auto.offset.reset", "latest"));
        var processor = new RecordingProcessor { IsReady = false };
        await using (var waiting = scene.Start(processor, options))
        {
            await IngestScene.Until(() => waiting.Consumer.Status.State == ConsumerState.WaitingForModel, "paused");
            scene.Produce(30, 30);
            processor.IsReady = true;
            await IngestScene.Until(() => processor.Count >= 30, "the newer records processed", () => $"{processor.Count}");
            await waiting.StopAsync();
        }

        Assert.Equal(Enumerable.Range(30, 30), processor.Numbers.Order());
    }

    [Fact]
    public async Task RunAsync_FromLatestStoppedBeforeModel_NextStartContinuesFromFirstAssignment()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 30);
        var options = scene.Options(("auto.offset.reset", "latest"));
        await using (var waiting = scene.Start(new RecordingProcessor { IsReady = false }, options))
        {
            await IngestScene.Until(() => waiting.Consumer.Status.State == ConsumerState.WaitingForModel, "paused");
            scene.Produce(30, 30);
            await waiting.StopAsync();
        }

        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, options);
        await IngestScene.Until(() => processor.Count >= 30, "the newer records processed", () => $"{processor.Count}");

        Assert.Equal(Enumerable.Range(30, 30), processor.Numbers.Order());
    }

    [Fact]
    public async Task RunAsync_TwoMembersOneLeaves_EveryRecordProcessed()
    {
        using var scene = new IngestScene(partitions: 6);
        var first = new RecordingProcessor();
        var second = new RecordingProcessor();
        await using var one = scene.Start(first);
        await IngestScene.Until(() => one.Consumer.Status.AssignedPartitions == 6, "one has all partitions");
        scene.Produce(0, 1_000);
        await using var two = scene.Start(second);
        await IngestScene.Until(
            () => one.Consumer.Status.AssignedPartitions == 3 && two.Consumer.Status.AssignedPartitions == 3,
            "each has its half",
            () => $"{one.Consumer.Status} {two.Consumer.Status}");
        scene.Produce(1_000, 1_000);
        await IngestScene.Until(() => first.Count + second.Count >= 2_000, "all so far processed");
        await one.StopAsync();
        scene.Produce(2_000, 1_000);
        await IngestScene.Until(() => first.Count + second.Count >= 3_000, "all processed", () => $"{first.Count} + {second.Count}, {two.Consumer.Status}");
        await two.StopAsync();

        Assert.Equal(Enumerable.Range(0, 3_000), first.Numbers.Concat(second.Numbers).Distinct().Order());
        Assert.NotEqual(0, second.Count);
        Assert.Equal(3_000, scene.Committed(partitions: 6));
    }

    [Fact]
    public async Task RunAsync_ProcessorFailsForAWhile_BatchIsTriedAgainAndNothingPublishedTwice()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 20);
        var failures = 2;
        var processor = new RecordingProcessor
        {
            Alerts = _ => true,
            BeforeBatch = _ =>
            {
                if (Interlocked.Decrement(ref failures) >= 0)
                    throw new InvalidOperationException("not now");
            },
        };
        await using var running = scene.Start(processor);

        await IngestScene.Until(() => processor.Count >= 20, "all processed");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(0, 20), processor.Numbers.Order());
        Assert.Equal(20, scene.Read(IngestScene.AlertTopic, 20).Select(alert => Encoding.UTF8.GetString(alert.Message.Value!)).Distinct().Count());
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3050);
    }

    [Fact]
    public async Task RunAsync_ProcessorFailsForEveryRecord_SaysSoAndBeginsAnewWhereItHadCommitted()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 10);
        var isBroken = false;
        var processor = new RecordingProcessor
        {
            BeforeBatch = _ =>
            {
                if (Volatile.Read(ref isBroken))
                    throw new InvalidOperationException("never");
            },
        };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => scene.Committed(partitions: 1) == 10, "the first are committed");

        Volatile.Write(ref isBroken, true);
        scene.Produce(10, 3_000);
        await IngestScene.Until(() => running.Consumer.Status.State == ConsumerState.Failed, "the status says so", () => $"{running.Consumer.Status}");
        Assert.StartsWith("never; it begins anew in ", running.Consumer.Status.LastError, StringComparison.Ordinal);
        Assert.False(running.Run.IsCompleted);

        Volatile.Write(ref isBroken, false);
        await IngestScene.Until(() => processor.Numbers.Contains(3_009), "it goes on", () => $"{running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(3_010, scene.Committed(partitions: 1));
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3061);
        // Each is processed, or was dead-lettered before so many had failed in a row.
        var letters = scene.Read(IngestScene.DeadLetterTopic, (int)scene.End(IngestScene.DeadLetterTopic)).Select(letter => Encoding.UTF8.GetString(letter.Message.Value!));
        Assert.Equal(Enumerable.Range(0, 3_010).Select(PaymentRecords.Text).Order(), processor.Numbers.Select(PaymentRecords.Text).Concat(letters).Distinct().Order());
    }

    [Fact]
    public async Task StopAsync_WhileItWaitsToBeginAnew_EndsAtOnce()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 2_000);
        var processor = new RecordingProcessor { BeforeBatch = _ => throw new InvalidOperationException("never") };
        await using var running = scene.Start(processor, pause: TimeSpan.FromHours(1));
        await IngestScene.Until(() => running.Consumer.Status.State == ConsumerState.Failed, "the status says so", () => $"{running.Consumer.Status}");

        await running.StopAsync();

        Assert.Equal(ConsumerState.Stopped, running.Consumer.Status.State);
        Assert.Empty(processor.Numbers);
    }

    [Fact]
    public async Task RunAsync_StartedTwice_Throws()
    {
        using var scene = new IngestScene();
        await using var running = scene.Start(new RecordingProcessor());

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => running.Consumer.RunAsync(CancellationToken.None));

        Assert.Contains("'payments'", error.Message, StringComparison.Ordinal);
    }
}

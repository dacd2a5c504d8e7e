using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.Ingest.Native;
using AEAnomaly.TestKit;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>An offset counts in one log: it means nothing in a topic made anew, below what was deleted, and above where a log was cut.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class OffsetsOfAnotherLogTests(BrokerFixture fixture)
{
    [RealBrokerTheory]
    [InlineData(40, 0, "earliest")]
    [InlineData(40, 500, "earliest")]
    [InlineData(300, 0, "earliest")]
    [InlineData(300, 500, "earliest")]
    [InlineData(300, 500, "latest")]
    public async Task RunAsync_TopicMadeAnewWhileItIsRead_TheNewOneIsReadWhole(int count, int past, string start)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        await scene.ProcessAsync(100);
        var processor = new RecordingProcessor { PastRecords = past };
        using var restarts = new CounterReading(scene.Metrics, "aeanomaly.log.restarts");
        await using var running = scene.Start(processor, ("auto.offset.reset", start));
        scene.Produce(100, 20);
        await IngestScene.Until(() => processor.Count >= 20, "what came before is processed", () => $"{processor.Count} {running.Consumer.Status}");

        await scene.MakeAnewAsync();
        scene.Produce(1_000, count);

        await IngestScene.Until(
            () => Enumerable.Range(1_000, count).All(processor.Numbers.ToHashSet().Contains), "the new topic is processed whole", () => $"{processor.Count} {running.Consumer.Status}");
        await IngestScene.Until(() => running.Consumer.Status.Lag == 0, "nothing is left", () => $"{running.Consumer.Status}");
        await running.StopAsync();
        Assert.Equal(count, scene.Committed().Offset);
        Assert.DoesNotContain(processor.Recalled, record => record.Number >= 1_000);
        Assert.Equal(1, restarts.Total);
        Assert.Single(scene.Logger.Lines, line => line.Id == 3044 && line.Text.Contains("deleted and created anew", StringComparison.Ordinal));
    }

    [RealBrokerTheory]
    [InlineData(40, 0)]
    [InlineData(300, 0)]
    [InlineData(300, 500)]
    public async Task RunAsync_CommittedOffsetOfATopicMadeAnewSince_TheNewOneIsReadWhole(int count, int past)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        await scene.ProcessAsync(100);
        var committed = scene.Committed();
        Assert.Equal(100, committed.Offset);
        await scene.MakeAnewAsync();
        scene.Produce(1_000, count);
        // What a member commits that has not noticed yet.
        scene.Commit(committed);

        var processor = new RecordingProcessor { PastRecords = past };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= count, "the new topic is processed", () => $"{processor.Count} {running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(1_000, count), processor.Numbers);
        Assert.Empty(processor.Recalled);
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3044 && line.Text.Contains("since offset 100 was committed", StringComparison.Ordinal));
        Assert.NotEqual(committed.TopicId, scene.Committed().TopicId);
    }

    [RealBrokerFact]
    public async Task RunAsync_TopicMadeAnewAndResetIsError_SaysSoAndReadsNothing()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        await scene.ProcessAsync(100);
        var committed = scene.Committed();
        await scene.MakeAnewAsync();
        scene.Produce(1_000, 200);
        scene.Commit(committed);

        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, ("auto.offset.reset", "error"));
        await AssertStopped(scene, running, "holds another log than the one read up to offset 100");

        Assert.Equal(0, processor.Count);
        Assert.Equal(committed, scene.Committed());
    }

    [RealBrokerTheory]
    [InlineData("earliest")]
    [InlineData("latest")]
    public async Task RunAsync_RecordsDeletedWhileStopped_AreCountedAndSaidAndTheRestIsRead(string start)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        await scene.ProcessAsync(100);
        scene.Produce(100, 100);
        await scene.DeleteRecordsAsync(before: 160);

        await AssertDeletedUnread(scene, new RecordingProcessor(), start, "60 records from offset 100 on", Enumerable.Range(160, 40));
    }

    [RealBrokerTheory]
    [InlineData("earliest")]
    [InlineData("latest")]
    public async Task RunAsync_AllRecordsDeletedWhileStopped_AreCountedAndSaid(string start)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        await scene.ProcessAsync(100);
        scene.Produce(100, 100);
        await scene.DeleteRecordsAsync(before: 200);

        await AssertDeletedUnread(scene, new RecordingProcessor { PastRecords = 500 }, start, "100 records from offset 100 on", []);
    }

    [RealBrokerTheory]
    [InlineData("earliest")]
    [InlineData("latest")]
    public async Task RunAsync_RecordsDeletedWhileTheyWaitToBeRead_AreCountedAndSaidAndTheRestIsRead(string start)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        await scene.ProcessAsync(100);
        using var deleted = new CounterReading(scene.Metrics, "aeanomaly.records.deleted_unread");
        var processor = new RecordingProcessor { IsReady = false };
        await using var running = scene.Start(processor, ("auto.offset.reset", start));
        await IngestScene.Until(() => running.Consumer.Status.State == ConsumerState.WaitingForModel, "it waits for a model", () => $"{running.Consumer.Status}");
        scene.Produce(100, 100);
        await scene.DeleteRecordsAsync(before: 160);

        processor.IsReady = true;
        await IngestScene.Until(() => processor.Count == 40, "the rest is read", () => $"{processor.Count} {running.Consumer.Status}");

        Assert.Equal(Enumerable.Range(160, 40), processor.Numbers);
        await IngestScene.Until(() => deleted.Total == 60, "what is gone is counted", () => $"{deleted.Total}");
        Assert.Contains("60 records from offset 100 on were deleted before they were read", running.Consumer.Status.LastError, StringComparison.Ordinal);
    }

    [RealBrokerTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_RecordsDeletedAndResetIsError_SaysSoReadsNothingAndGoesOnWhereSomebodySays(bool whileRunning)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        await scene.ProcessAsync(100);
        var committed = scene.Committed();
        var processor = new RecordingProcessor { IsReady = !whileRunning };
        if (!whileRunning)
            await DeleteAsync();
        await using (var running = scene.Start(processor, ("auto.offset.reset", "error")))
        {
            if (whileRunning)
            {
                await IngestScene.Until(() => running.Consumer.Status.State == ConsumerState.WaitingForModel, "it waits for a model", () => $"{running.Consumer.Status}");
                await DeleteAsync();
                processor.IsReady = true;
            }

            await AssertStopped(scene, running, "holds no offset 100, where reading was to go on: it was deleted before it was read");
            await running.StopAsync();
        }

        Assert.Equal(0, processor.Count);
        Assert.Equal(committed, scene.Committed());

        // As kafka-consumer-groups --reset-offsets does: it knows nothing of topics' ids.
        scene.Commit(new GroupOffset(scene.Input, 0, 160, -1, null));
        await using var again = scene.Start(processor, ("auto.offset.reset", "error"));
        await IngestScene.Until(() => processor.Count == 40, "it goes on there", () => $"{processor.Count} {again.Consumer.Status}");
        Assert.Equal(Enumerable.Range(160, 40), processor.Numbers);
        Assert.Null(again.Consumer.Status.LastError);
        Assert.Equal(0, GaugeReading.Of(scene.Metrics, "aeanomaly.partitions.stopped"));

        async Task DeleteAsync()
        {
            scene.Produce(100, 100);
            await scene.DeleteRecordsAsync(before: 160);
        }
    }

    [RealBrokerFact]
    public async Task RunAsync_NothingCommittedAndResetIsError_SaysSoAndReadsNothing()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        var processor = new RecordingProcessor();

        await using var running = scene.Start(processor, ("auto.offset.reset", "error"));

        await AssertStopped(scene, running, "has no committed offset");
        Assert.Equal(0, processor.Count);
    }

    [RealBrokerTheory]
    [InlineData(40, 0)]
    [InlineData(90, 50)]
    [InlineData(100, 60)]
    [InlineData(110, 60)]
    public async Task RunAsync_RecordsDeletedAfterWhatTheProcessorKnows_AreCountedAndSaidAndTheRestIsHandedOver(int before, int lost)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        await scene.ProcessAsync(100);
        scene.Produce(100, 20);
        await scene.DeleteRecordsAsync(before);
        var processor = new RecordingProcessor { Past = static (_, _) => new PastWanted(0, FromOffset: 40) };
        using var recalled = new CounterReading(scene.Metrics, "aeanomaly.records.recalled");
        await using var running = scene.Start(processor);

        var firstNew = Math.Max(before, 100);
        await IngestScene.Until(() => processor.Count >= 120 - firstNew, "the new ones are processed", () => $"{running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(before, firstNew - before), processor.Recalled.Select(record => record.Number));
        Assert.Equal(Enumerable.Range(firstNew, 120 - firstNew), processor.Numbers);
        Assert.Equal(firstNew - before + lost, recalled.Total);
        var said = scene.Logger.Lines.Where(line => line.Id == 3044 && line.Text.Contains("judged before", StringComparison.Ordinal)).Select(line => line.Text).ToArray();
        if (lost == 0)
            Assert.Empty(said);
        else
            Assert.Contains($"partition 0: {lost} records from offset 40 on, judged before, were deleted before they were read again", Assert.Single(said), StringComparison.Ordinal);
    }

    [RealBrokerTheory]
    [InlineData(96, 0)]
    [InlineData(24, 60)]
    [InlineData(1, 100)]
    public async Task RunAsync_PastByAge_BeginsAtTheFirstRecordThatIsYoungEnough(int hours, int first)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 60, TimeSpan.FromHours(72));
        scene.Produce(60, 40, TimeSpan.FromHours(2));
        await scene.ProcessAsync(100);
        scene.Produce(100, 20);
        var processor = new RecordingProcessor { Past = (_, _) => new PastWanted(0, TimeSpan.FromHours(hours)) };
        await using var running = scene.Start(processor);

        await IngestScene.Until(() => processor.Count >= 20, "the new ones are processed", () => $"{running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(first, 100 - first), processor.Recalled.Select(record => record.Number));
        Assert.Equal(Enumerable.Range(100, 20), processor.Numbers);
    }

    [RealBrokerFact]
    public async Task RunAsync_OnlyWhatWasProcessedDeleted_CountsNothing()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 100);
        await scene.ProcessAsync(100);
        scene.Produce(100, 20);
        await scene.DeleteRecordsAsync(before: 90);
        var processor = new RecordingProcessor { PastRecords = 500 };
        await using var running = scene.Start(processor);

        await IngestScene.Until(() => processor.Count >= 20, "the new ones are processed", () => $"{running.Consumer.Status}");

        Assert.Equal(Enumerable.Range(90, 10), processor.Recalled.Select(record => record.Number));
        Assert.Null(running.Consumer.Status.LastError);
    }

    [RealBrokerFact(needsControl: true)]
    public async Task RunAsync_TopicMadeAnewAfterItsLeaderChangedOften_TheNewOneIsReadWhole()
    {
        await using var broker = await RealBroker.StartAsync();
        using var scene = await RealScene.CreateAsync(broker);
        scene.Produce(0, 100);
        // Each start makes a new leader epoch; those of the new topic begin at 0.
        await broker.StopAsync();
        await broker.StartAgainAsync();
        scene.Produce(100, 100);
        var processor = new RecordingProcessor { PastRecords = 500 };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 200, "what came before is processed", () => $"{processor.Count} {running.Consumer.Status}");

        await scene.MakeAnewAsync();
        scene.Produce(1_000, 300);

        await IngestScene.Until(
            () => Enumerable.Range(1_000, 300).All(processor.Numbers.ToHashSet().Contains), "the new topic is processed whole", () => $"{processor.Count} {running.Consumer.Status}");
    }

    [RealBrokerTheory(needsControl: true, needsFiles: true)]
    [InlineData(0)]
    [InlineData(500)]
    public async Task RunAsync_BrokerLostTheEndOfALog_WhatCameInItsPlaceIsProcessed(int past)
    {
        using var folder = new TemporaryFolder();
        await using var broker = await RealBroker.StartAsync(new Dictionary<string, string> { ["log.dirs"] = folder.Path }, inThisFileSystem: true);
        using var scene = await RealScene.CreateAsync(broker);
        for (var number = 0; number < 100; number++)
            scene.Produce(number, 1);
        await scene.ProcessAsync(100);

        // What was not on the disk yet when the machine lost its power.
        await broker.KillAsync();
        using (var log = new FileStream(Path.Combine(folder.Path, $"{scene.Input}-0", "00000000000000000000.log"), FileMode.Open))
            log.SetLength(log.Length * 7 / 10);
        await broker.StartAgainAsync();
        scene.Produce(1_000, 200);

        var processor = new RecordingProcessor { PastRecords = past };
        await using var running = scene.Start(processor);
        await IngestScene.Until(
            () => Enumerable.Range(1_000, 200).All(processor.Numbers.ToHashSet().Contains), "what came in its place is processed", () => $"{processor.Count} {running.Consumer.Status}");
        await running.StopAsync();

        Assert.All(processor.Recalled, record => Assert.InRange(record.Number, 0, 99));
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3044 && line.Text.Contains("a broker lost records", StringComparison.Ordinal));
    }

    private static async Task AssertStopped(RealScene scene, RunningConsumer running, string why)
    {
        await IngestScene.Until(() => running.Consumer.Status.LastError?.Contains("auto.offset.reset is error", StringComparison.Ordinal) == true, "the status says so", () => $"{running.Consumer.Status}");
        Assert.StartsWith($"topic '{scene.Input}' partition 0 {why}", running.Consumer.Status.LastError, StringComparison.Ordinal);
        Assert.EndsWith(
            ", and auto.offset.reset is error: nothing of it is read. Stop the detector, set the group's offsets by kafka-consumer-groups --reset-offsets, start it again",
            running.Consumer.Status.LastError, StringComparison.Ordinal);
        await IngestScene.Until(() => GaugeReading.Of(scene.Metrics, "aeanomaly.partitions.stopped") == 1, "it is measured", () => $"{running.Consumer.Status}");
        Assert.Single(scene.Logger.Lines, line => line.Id == 3007 && line.Text.Contains("auto.offset.reset is error", StringComparison.Ordinal));
    }

    private static async Task AssertDeletedUnread(RealScene scene, RecordingProcessor processor, string start, string said, IEnumerable<int> rest)
    {
        using var deleted = new CounterReading(scene.Metrics, "aeanomaly.records.deleted_unread");
        await using var running = scene.Start(processor, ("auto.offset.reset", start));
        await IngestScene.Until(() => running.Consumer.Status.LastError is not null, "the status says so", () => $"{running.Consumer.Status}");
        Assert.Contains(said, running.Consumer.Status.LastError, StringComparison.Ordinal);
        await IngestScene.Until(() => running.Consumer.Status.Lag == 0, "the rest is read", () => $"{running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(rest, processor.Numbers);
        Assert.Equal(int.Parse(said.Split(' ')[0]), deleted.Total);
        Assert.Equal((LogLevel.Warning, 1), (scene.Logger.Lines.First(line => line.Id == 3044).Level, scene.Logger.Lines.Count(line => line.Id == 3044)));
    }
}

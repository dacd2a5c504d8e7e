using System.Text;
using AEAnomaly.Ingest.Kafka;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

public sealed class BrokerFaultTests
{
    [Fact]
    public async Task RunAsync_AlertsNotAcknowledged_CommitsNothingUntilTheyAre()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 10);
        // Topic authorization failed: permanent for the client, which gives the message up; the outbox does not.
        scene.Cluster.PushErrors(0, [.. Enumerable.Repeat((int)ErrorCode.TopicAuthorizationFailed, 4)]);
        var processor = new RecordingProcessor { Alerts = number => number == 5 };
        await using var running = scene.Start(processor);

        // The loop learns of the refusal in one turn and pauses in the next.
        await IngestScene.Until(
            () => running.Consumer.Status is { State: ConsumerState.WaitingForOutput, LastError: { } error } && error.Contains("'alerts' may not be written", StringComparison.Ordinal),
            "the status says so",
            () => $"{running.Consumer.Status}");
        Assert.Equal(10, processor.Count);
        Assert.Equal(0, scene.Committed(partitions: 1));

        scene.Cluster.ClearErrors(0);
        Assert.Equal("5", Encoding.UTF8.GetString(Assert.Single(scene.Read(IngestScene.AlertTopic, 1)).Message.Value!));
        await IngestScene.Until(() => running.Consumer.Status is { State: ConsumerState.Running, LastError: null }, "reading goes on", () => $"{running.Consumer.Status}");
        await running.StopAsync();
        Assert.Equal(10, scene.Committed(partitions: 1));
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3020);
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3021);
    }

    [Fact]
    public async Task RunAsync_BrokerDownInTheMiddle_SaysSoWaitsAndMissesNothing()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 500);
        var processor = new RecordingProcessor { Alerts = number => number % 100 == 0 };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 500, "the first records processed");

        scene.Cluster.SetBrokerDown();
        await IngestScene.Until(() => !running.Consumer.Status.BrokerReachable, "the status says that the broker is down");
        Assert.Contains("no broker of", running.Consumer.Status.LastError, StringComparison.Ordinal);
        var loopAt = running.Consumer.Status.LastLoopAt;
        await IngestScene.Until(() => running.Consumer.Status.LastLoopAt > loopAt, "the loop goes on");

        scene.Cluster.SetBrokerUp();
        await IngestScene.Until(() => running.Consumer.Status is { BrokerReachable: true, LastError: null }, "the broker is back", () => $"{running.Consumer.Status}");
        scene.Produce(500, 500);
        await IngestScene.Until(() => processor.Numbers.Distinct().Count() >= 1_000, "all processed", () => $"{processor.Count}");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(0, 1_000), processor.Numbers.Distinct().Order());
        Assert.Equal(1_000, scene.Committed());
        var alerts = scene.Read(IngestScene.AlertTopic, 10).Select(alert => int.Parse(Encoding.UTF8.GetString(alert.Message.Value!))).Distinct().Order();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => 100 * i), alerts);
        Assert.Single(scene.Logger.Lines, line => line.Id == 3010);
        Assert.Equal(2, scene.Logger.Lines.Count(line => line.Id == 3011));
    }

    [Fact]
    public async Task RunAsync_BrokerDownWhileAlertsAreOnTheirWay_AlertsArriveAfterwards()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 10);
        using var gate = new ManualResetEventSlim();
        var processor = new RecordingProcessor
        {
            Alerts = _ => true,
            BeforeBatch = _ =>
            {
                scene.Cluster.SetBrokerDown();
                gate.Set();
            },
        };
        await using var running = scene.Start(processor);
        Assert.True(gate.Wait(IngestScene.Bound));
        await IngestScene.Until(() => processor.Count >= 10 && !running.Consumer.Status.BrokerReachable, "processed, and the broker is down");

        scene.Cluster.SetBrokerUp();
        var alerts = scene.Read(IngestScene.AlertTopic, 10);
        // The producer may have its connection back before the consumer, which commits only where a broker answers.
        await IngestScene.Until(() => running.Consumer.Status.BrokerReachable, "the consumer has its broker back");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(0, 10), alerts.Select(alert => int.Parse(Encoding.UTF8.GetString(alert.Message.Value!))).Order());
        Assert.Equal(10, scene.Committed(partitions: 1));
    }

    [Fact]
    public async Task RunAsync_BrokerDownAtStart_SaysSoAndStartsWhenItComes()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 10);
        scene.Cluster.SetBrokerDown();
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => running.Consumer.Status is { State: ConsumerState.Connecting, LastError: not null }, "the status says so", () => $"{running.Consumer.Status}");
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3010 && line.Text.Contains(scene.Cluster.BootstrapServers, StringComparison.Ordinal));

        scene.Cluster.SetBrokerUp();
        await IngestScene.Until(() => processor.Count >= 10, "all processed", () => $"{running.Consumer.Status}");

        Assert.Equal(Enumerable.Range(0, 10), processor.Numbers.Order());
    }

    [Fact]
    public async Task StopAsync_BrokerDown_EndsWithinTheBound()
    {
        using var scene = new IngestScene();
        scene.Produce(0, 10);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count >= 10, "processed");
        scene.Cluster.SetBrokerDown();
        await IngestScene.Until(() => !running.Consumer.Status.BrokerReachable, "down");

        await running.StopAsync();

        Assert.Equal(ConsumerState.Stopped, running.Consumer.Status.State);
    }

    [Fact]
    public async Task RunAsync_CommitRefused_IsSaidAndTriedAgain()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 10);
        scene.Cluster.PushErrors(8, (int)ErrorCode.RequestTimedOut, (int)ErrorCode.OffsetMetadataTooLarge);
        using var commits = new CounterReading(scene.Metrics, "aeanomaly.commits");
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);

        await IngestScene.Until(() => commits.Total >= 1, "a commit is acknowledged");

        Assert.Equal(10, scene.Committed(partitions: 1));
        Assert.Contains(scene.Logger.Lines, line => line.Id == 3040);
    }

    [Fact]
    public async Task RunAsync_TopicDoesNotExist_SaysWhichAndReadsItOnceCreated()
    {
        using var scene = new IngestScene(createTopics: false);
        scene.Cluster.CreateTopic(IngestScene.AlertTopic, 1);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, scene.Options(("topic.metadata.refresh.interval.ms", "300")), "late");
        await IngestScene.Until(() => running.Consumer.Status.LastError?.Contains("'late' does not exist", StringComparison.Ordinal) == true, "the status says so", () => $"{running.Consumer.Status}");
        Assert.Equal(ConsumerState.Joining, running.Consumer.Status.State);

        // Nobody asked for it in a way that makes the cluster create it, as it does for producers.
        Assert.Equal(["late"], await TopicCheck.FindMissingAsync(scene.Options(), ["late"], IngestScene.Bound));
        scene.Produce(0, 10, "late");
        await IngestScene.Until(() => processor.Count >= 10, "all processed", () => $"{running.Consumer.Status}");

        Assert.Equal(Enumerable.Range(0, 10), processor.Numbers.Order());
        await IngestScene.Until(() => running.Consumer.Status.LastError is null, "nothing is wrong any more");
    }

    [Fact]
    public async Task RunAsync_GroupDoesNotLetItIn_ReplacesTheClientsAndReads()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 10);
        // It has no coordinator yet, for longer than the client may try.
        const short JoinGroup = 11;
        scene.Cluster.PushErrors(JoinGroup, [.. Enumerable.Repeat((int)ErrorCode.GroupLoadInProgress, 10_000)]);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, joinBound: TimeSpan.FromSeconds(4));

        await IngestScene.Until(() => scene.Logger.Lines.Any(line => line.Id == 3067), "the clients are replaced", () => $"{running.Consumer.Status}");
        Assert.Equal(ConsumerState.Joining, running.Consumer.Status.State);
        scene.Cluster.ClearErrors(JoinGroup);
        await IngestScene.Until(() => processor.Count == 10, "all processed", () => $"{running.Consumer.Status}");

        Assert.Equal(ConsumerState.Running, running.Consumer.Status.State);
        Assert.Single(scene.Logger.Lines, line => line.Id == 3067);
        await running.StopAsync();
        Assert.Equal(10, scene.Committed(partitions: 1));
    }

    [Fact]
    public async Task RunAsync_TopicDoesNotExistAndTheBrokerGoesAndComes_CreatesNone()
    {
        using var scene = new IngestScene(createTopics: false);
        scene.Cluster.CreateTopic(IngestScene.AlertTopic, 1);
        await using var running = scene.Start(new RecordingProcessor(), scene.Options(("topic.metadata.refresh.interval.ms", "300")), "late");
        for (var turn = 0; turn < 3; turn++)
        {
            await IngestScene.Until(() => running.Consumer.Status is { BrokerReachable: true, LastError: not null }, "the topic is missing", () => $"{running.Consumer.Status}\n{string.Join('\n', scene.Logger.Lines)}");
            scene.Cluster.SetBrokerDown();
            await IngestScene.Until(() => !running.Consumer.Status.BrokerReachable, "the broker is gone", () => $"{running.Consumer.Status}");
            scene.Cluster.SetBrokerUp();
        }

        await IngestScene.Until(() => running.Consumer.Status.BrokerReachable, "the broker is back", () => $"{running.Consumer.Status}");
        Assert.Equal(["late"], await TopicCheck.FindMissingAsync(scene.Options(), ["late"], IngestScene.Bound));
    }

    [Fact]
    public async Task RunAsync_RecordsDroppedUnreadWhilePaused_AreCounted()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 10);
        var processor = new RecordingProcessor();
        using var deleted = new CounterReading(scene.Metrics, "aeanomaly.records.deleted_unread");
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count == 10, "the first are read");
        processor.IsReady = false;
        await IngestScene.Until(() => running.Consumer.Status.State == ConsumerState.WaitingForModel, "reading waits");

        // The cluster keeps 5 MiB of a partition.
        for (var i = 0; i < 20; i++)
            scene.Produce(null, new byte[500_000]);
        scene.Produce(10, 10);
        processor.IsReady = true;
        await IngestScene.Until(() => processor.Numbers.Contains(19), "the last are read", () => $"{running.Consumer.Status}");

        Assert.Equal(40, deleted.Total + scene.End(IngestScene.DeadLetterTopic) + processor.Count);
        Assert.True(deleted.Total > 0);
        Assert.Contains("were deleted before they were read", running.Consumer.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ProducerFailsFatally_IsReplacedAndAlertsArrive()
    {
        using var scene = new IngestScene(partitions: 1);
        scene.Produce(0, 10);
        scene.Cluster.PushErrors(22, (int)ErrorCode.ClusterAuthorizationFailed);
        var processor = new RecordingProcessor { Alerts = _ => true };
        await using var running = scene.Start(processor);

        var alerts = scene.Read(IngestScene.AlertTopic, 10);
        await IngestScene.Until(() => running.Consumer.Status is { State: ConsumerState.Running, LastError: null }, "all is well again", () => $"{running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(0, 10), alerts.Select(alert => int.Parse(Encoding.UTF8.GetString(alert.Message.Value!))).Order());
        Assert.Equal(10, scene.Committed(partitions: 1));
        Assert.Single(scene.Logger.Lines, line => line.Id == 3022);
    }
}

using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>What keeps a detector from its group or its topics is named in the status, and said once.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class NamedProblemTests(BrokerFixture fixture)
{
    [RealBrokerTheory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.RoundRobin)]
    public async Task RunAsync_AnotherMemberUsesAnotherAssignor_SaysSoOnceAndReadsWhenItIsGone(PartitionAssignmentStrategy strategy)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 10);
        var processor = new RecordingProcessor();
        var other = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = scene.Broker.BootstrapServers,
            GroupId = scene.Route.GroupId,
            PartitionAssignmentStrategy = strategy,
        }).Build();
        other.Subscribe(scene.Input);
        await IngestScene.Until(() => other.Consume(100) is not null || other.Assignment.Count > 0, "the other member has the partition");

        await using var running = scene.Start(processor);
        await IngestScene.Until(
            () => running.Consumer.Status.LastError?.Contains("another member assigns partitions another way (here cooperative-sticky", StringComparison.Ordinal) == true,
            "the status says so", () => $"{running.Consumer.Status}");
        // It is tried again every second.
        var tick = processor.Ticks;
        await IngestScene.Until(() => other.Consume(100) is null && processor.Ticks > tick + 3, "some seconds have passed");
        Assert.Single(scene.Logger.Lines, line => line.Id == 3007);

        other.Close();
        other.Dispose();
        await IngestScene.Until(() => processor.Count == 10 && running.Consumer.Status.LastError is null, "all is read", () => $"{processor.Count} {running.Consumer.Status}");
    }

    [RealBrokerFact]
    public async Task RunAsync_SessionTimeoutThatTheBrokerDoesNotAllow_SaysSoOnce()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor, ("session.timeout.ms", "3500000"), ("max.poll.interval.ms", "3600000"));

        await IngestScene.Until(
            () => running.Consumer.Status.LastError?.Contains($"the group '{scene.Route.GroupId}' cannot be joined: the broker does not allow this session.timeout.ms", StringComparison.Ordinal) == true,
            "the status says so", () => $"{running.Consumer.Status}");
        var tick = processor.Ticks;
        await IngestScene.Until(() => processor.Ticks > tick + 3, "some seconds have passed");

        Assert.Single(scene.Logger.Lines, line => line.Id == 3007);
    }

    [RealBrokerFact]
    public async Task RunAsync_OutputTopicsMissing_AreNamedBeforeAnythingIsWritten()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, withOutputs: false);
        await scene.CreateAsync(scene.Route.DeadLetterTopic);
        var processor = new RecordingProcessor { Alerts = static _ => true };
        await using var running = scene.Start(processor);

        var problem = $"topic '{scene.Route.AlertTopic}' cannot be written because it does not exist; create it";
        await Eventually.TrueAsync(() => running.Consumer.Status.LastError == problem, TimeSpan.FromSeconds(10), "the status says so within seconds", () => $"{running.Consumer.Status}");
        scene.Produce(0, 10);
        await IngestScene.Until(() => processor.Count == 10, "records are read all the same", () => $"{running.Consumer.Status}");
        await scene.CreateAsync(scene.Route.AlertTopic);
        await IngestScene.Until(() => running.Consumer.Status.LastError is null, "nothing is wrong any more", () => $"{running.Consumer.Status}");
        Assert.Equal(10, TopicReader.ReadCount(scene.Broker, scene.Route.AlertTopic, 10).Count);
        Assert.Single(scene.Logger.Lines, line => line.Id == 3007);
    }

    [RealBrokerFact]
    public async Task RunAsync_AllTopicsMissing_AreNamedTogetherAndEachSaidOnce()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker, withOutputs: false, partitions: 0);
        await using var running = scene.Start(new RecordingProcessor());
        string[] topics = [scene.Input, scene.Route.AlertTopic, scene.Route.DeadLetterTopic];
        await IngestScene.Until(
            () => topics.All(topic => running.Consumer.Status.LastError?.Contains($"topic '{topic}' ", StringComparison.Ordinal) == true), "the status names all", () => $"{running.Consumer.Status}");

        foreach (var topic in topics)
            await scene.CreateAsync(topic);
        await IngestScene.Until(() => running.Consumer.Status is { LastError: null, AssignedPartitions: 1 }, "nothing is wrong any more", () => $"{running.Consumer.Status}");
        Assert.Equal(3, scene.Logger.Lines.Count(line => line.Id == 3007));
    }

    [RealBrokerFact]
    public async Task Produce_TimeTooFarAhead_SaysThatAClockIsWrong()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        using var producer = new TopicProducer(scene.Options());
        producer.Produce(scene.Input, null, "1"u8.ToArray(), timestamp: DateTimeOffset.UtcNow.AddYears(4));

        Assert.False(producer.Flush(IngestScene.Bound));
        Assert.StartsWith($"topic '{scene.Input}' refuses the time of a record as too far from the broker's clock; correct the clock", producer.LastError, StringComparison.Ordinal);
    }

    [RealBrokerTheory]
    [InlineData("input")]
    [InlineData("alerts")]
    [InlineData("dead letters")]
    public async Task RunAsync_TopicDeleted_SaysThatItWas(string which)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        scene.Produce(0, 10);
        var processor = new RecordingProcessor();
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => processor.Count == 10, "all is read", () => $"{running.Consumer.Status}");
        var topic = which switch { "input" => scene.Input, "alerts" => scene.Route.AlertTopic, _ => scene.Route.DeadLetterTopic };

        await scene.DeleteAsync(topic);
        await IngestScene.Until(
            () => running.Consumer.Status is { BrokerReachable: true, LastError: { } error } && error.StartsWith($"topic '{topic}' ", StringComparison.Ordinal) && error.Contains("was deleted; create it again", StringComparison.Ordinal),
            "the status says so", () => $"{running.Consumer.Status}");
        await scene.CreateAsync(topic);
        await IngestScene.Until(() => running.Consumer.Status.LastError?.Contains("was deleted; create", StringComparison.Ordinal) != true, "it is there again", () => $"{running.Consumer.Status}");

        scene.Produce(10, 10);
        await IngestScene.Until(() => processor.Numbers.Contains(19), "reading goes on", () => $"{running.Consumer.Status}");
        Assert.DoesNotContain(scene.Logger.Lines, line => line.Text.Contains("broker does not answer", StringComparison.Ordinal) || line.Id == 3010);
    }

    [RealBrokerFact]
    public async Task StopAsync_AlertTopicDeletedWithAlertsOnTheirWay_SaysThatItWas()
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        var processor = new RecordingProcessor { Alerts = static _ => true };
        await using var running = scene.Start(processor);
        await IngestScene.Until(() => running.Consumer.Status.AssignedPartitions == 1, "it reads");
        await scene.DeleteAsync(scene.Route.AlertTopic);
        await IngestScene.Until(() => running.Consumer.Status.LastError is not null, "the status says so", () => $"{running.Consumer.Status}");
        scene.Produce(0, 10);
        await IngestScene.Until(() => processor.Count == 10, "all is processed", () => $"{running.Consumer.Status}");

        await running.StopAsync();

        Assert.Contains("cannot be written because it was deleted", Assert.Single(scene.Logger.Lines, line => line.Id == 3041).Text, StringComparison.Ordinal);
    }
}

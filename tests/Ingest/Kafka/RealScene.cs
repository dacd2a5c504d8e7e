using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.Ingest.Native;
using AEAnomaly.TestKit;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>The topics of one detector on a real broker, and what tests do with them.</summary>
internal sealed class RealScene : IDisposable, IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly IAdminClient _administration;

    private RealScene(TestBroker broker, DetectorRoute route)
    {
        (Broker, Route) = (broker, route);
        _administration = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        Metrics = new IngestMetrics(this);
    }

    public TestBroker Broker { get; }

    public DetectorRoute Route { get; }

    public string Input => Route.Topics[0];

    public IngestMetrics Metrics { get; }

    public CollectingLogger Logger { get; } = new();

    public static async Task<RealScene> CreateAsync(TestBroker broker, bool withOutputs = true, int partitions = 1, bool isExactlyOnce = false, bool withScores = false, int? outputBytes = null, DeadLetterLimit? limit = null)
    {
        var scene = new RealScene(broker, new DetectorRoute(
            "payments", [broker.UniqueName("in")], broker.UniqueName("alerts"), broker.UniqueName("dead"), broker.UniqueName("group"),
            withScores ? broker.UniqueName("scores") : null, isExactlyOnce, limit));
        if (partitions > 0)
            await scene.CreateAsync(scene.Input, partitions);
        if (withOutputs)
        {
            foreach (var topic in Outbox.TopicsOf(scene.Route))
            {
                var settings = outputBytes is { } bytes ? new Dictionary<string, string> { ["max.message.bytes"] = bytes.ToString(CultureInfo.InvariantCulture) } : null;
                await broker.CreateTopicAsync(topic, settings: settings);
            }
        }

        return scene;
    }

    public Task CreateAsync(string topic, int partitions = 1) => Broker.CreateTopicAsync(topic, partitions);

    public Task DeleteAsync(string topic) => Broker.DeleteTopicAsync(topic);

    /// <summary>Deletes the input and creates it again before a client looks.</summary>
    public async Task MakeAnewAsync(int partitions = 1)
    {
        await DeleteAsync(Input);
        await CreateAsync(Input, partitions);
    }

    /// <summary>Adds partitions to the input.</summary>
    public async Task GrowAsync(int partitions)
    {
        try
        {
            await _administration.CreatePartitionsAsync([new PartitionsSpecification { Topic = Input, IncreaseTo = partitions }]);
        }
        catch (CreatePartitionsException exception) when (exception.Results.TrueForAll(result => result.Error.Code == ErrorCode.InvalidPartitions))
        {
            // A request is repeated where its answer got lost; the first one may have added them, which is asked next.
        }

        await IngestScene.Until(() => _administration.GetMetadata(Input, TimeSpan.FromSeconds(5)).Topics[0].Partitions.Count == partitions, "the partitions are there");
    }

    /// <summary>Deletes the records of the input below an offset, as retention does.</summary>
    public Task DeleteRecordsAsync(long before) => _administration.DeleteRecordsAsync([new TopicPartitionOffset(Input, 0, before)]);

    /// <summary>Asks where a topic of one partition ends, for readers of what is committed or of all.</summary>
    public long End(string topic, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Broker.BootstrapServers, GroupId = "end", IsolationLevel = isolation }).Build();
        return consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), IngestScene.Bound).High.Value;
    }

    /// <summary>Sets a setting of a topic.</summary>
    public Task SetAsync(string topic, string name, string value) => _administration.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
    {
        [new ConfigResource { Type = ResourceType.Topic, Name = topic }] = [new ConfigEntry { Name = name, Value = value, IncrementalOperation = AlterConfigOpType.Set }],
    });

    public KafkaOptions Options(params (string Name, string Value)[] properties)
    {
        var options = new KafkaOptions { BootstrapServers = Broker.BootstrapServers, CommitInterval = TimeSpan.FromMilliseconds(50) };
        foreach (var (name, value) in properties)
            options.Properties[name] = value;
        return options;
    }

    public RunningConsumer Start(RecordingProcessor processor, params (string Name, string Value)[] properties) => Start(processor, Options(properties));

    public RunningConsumer Start(RecordingProcessor processor, KafkaOptions options) =>
        new(new DetectorConsumer(options, Route, new PaymentRecords(), processor, Metrics, TimeProvider.System, Logger));

    /// <summary>Processes what is new and stops, so that all of it is committed.</summary>
    public async Task ProcessAsync(int count)
    {
        var processor = new RecordingProcessor();
        await using var running = Start(processor);
        await IngestScene.Until(() => processor.Count >= count, "all processed", () => $"{processor.Count} {running.Consumer.Status}");
        await running.StopAsync();
    }

    /// <summary>Produces payments.</summary>
    /// <param name="from">Number of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="age">How long before now they are dated.</param>
    public void Produce(int from, int count, TimeSpan age = default)
    {
        var timestamp = DateTimeOffset.UtcNow - age;
        using var producer = new TopicProducer(Options());
        for (var number = from; number < from + count; number++)
            producer.Produce(Input, Encoding.UTF8.GetBytes($"card{number % 7}"), Encoding.UTF8.GetBytes(PaymentRecords.Text(number)), timestamp: timestamp);
        Assert.True(producer.Flush(IngestScene.Bound), producer.LastError);
    }

    public GroupOffset Committed()
    {
        using var consumer = Group();
        return GroupOffsetList.Ask(ClientHandle.Of(consumer.Handle), [new TopicPartition(Input, 0)], IngestScene.Bound)[0];
    }

    /// <summary>Commits for the group, as a consumer that is gone did.</summary>
    public void Commit(GroupOffset offset)
    {
        using var consumer = Group();
        using var committer = new OffsetCommitter(ClientHandle.Of(consumer.Handle));
        Assert.Equal(ErrorCode.NoError, committer.Begin([offset]));
        Assert.True(committer.TryComplete((int)IngestScene.Bound.TotalMilliseconds, out var result));
        Assert.Equal(ErrorCode.NoError, result);
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _administration.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private IConsumer<Ignore, Ignore> Group() =>
        new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Broker.BootstrapServers, GroupId = Route.GroupId }).Build();
}

using System.Diagnostics.Metrics;
using System.Text;
using AEAnomaly.Ingest.Embedded;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>An embedded cluster with the topics of one detector, and what tests do with it.</summary>
internal sealed class IngestScene : IDisposable, IMeterFactory
{
    public const string Input = "in";
    public const string AlertTopic = "alerts";
    public const string DeadLetterTopic = "dead";

    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly List<Meter> _meters = [];

    public IngestScene(int partitions = 3, bool createTopics = true)
    {
        Cluster = EmbeddedCluster.Start();
        if (createTopics)
        {
            Cluster.CreateTopic(Input, partitions);
            Cluster.CreateTopic(AlertTopic, 1);
            Cluster.CreateTopic(DeadLetterTopic, 1);
        }

        Metrics = new IngestMetrics(this);
    }

    public EmbeddedCluster Cluster { get; }

    public IngestMetrics Metrics { get; }

    public CollectingLogger Logger { get; } = new();

    public KafkaOptions Options(params (string Name, string Value)[] properties) => Options(null, properties);

    public KafkaOptions Options(TimeSpan? requestTimeout, params (string Name, string Value)[] properties)
    {
        var options = new KafkaOptions
        {
            BootstrapServers = Cluster.BootstrapServers,
            CommitInterval = TimeSpan.FromMilliseconds(50),
            ShutdownTimeout = TimeSpan.FromSeconds(5),
            RequestTimeout = requestTimeout ?? TimeSpan.FromSeconds(5),
        };
        options.Properties["fetch.wait.max.ms"] = "10";
        // The embedded cluster lets a group wait for this time less a second whenever a member left.
        options.Properties["session.timeout.ms"] = "3000";
        options.Properties["heartbeat.interval.ms"] = "200";
        options.Properties["reconnect.backoff.max.ms"] = "200";
        foreach (var (name, value) in properties)
            options.Properties[name] = value;
        return options;
    }

    public RunningConsumer Start(RecordingProcessor processor, KafkaOptions? options = null, string topic = Input, TimeSpan? pause = null, string? scores = null, bool isExactlyOnce = false, DeadLetterLimit? limit = null, TimeSpan? joinBound = null) =>
        new(new DetectorConsumer(
            options ?? Options(),
            new DetectorRoute("payments", [topic], AlertTopic, DeadLetterTopic, "group", scores, isExactlyOnce, limit),
            new PaymentRecords(),
            processor,
            Metrics,
            TimeProvider.System,
            Logger)
        { FirstPause = pause ?? TimeSpan.FromMilliseconds(100), JoinBound = joinBound ?? KafkaProperties.JoinBound(options ?? Options()) });

    public void Produce(int from, int count, string topic = Input)
    {
        using var producer = Producer();
        for (var number = from; number < from + count; number++)
            Send(producer, topic, new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes($"card{number % 7}"), Value = Encoding.UTF8.GetBytes(PaymentRecords.Text(number)) });
        Assert.Equal(0, producer.Flush(Bound));
    }

    public void Produce(byte[]? key, byte[]? value, Headers? headers = null)
    {
        using var producer = Producer();
        Send(producer, Input, new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers });
        Assert.Equal(0, producer.Flush(Bound));
    }

    public void Produce(byte[] value, long timestampMs)
    {
        using var producer = Producer();
        Send(producer, Input, new Message<byte[]?, byte[]?> { Value = value, Timestamp = new Timestamp(timestampMs, TimestampType.CreateTime) });
        Assert.Equal(0, producer.Flush(Bound));
    }

    /// <summary>Reads a topic of one partition until it has given so many records.</summary>
    public IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> Read(string topic, int count)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = Cluster.BootstrapServers,
            GroupId = "reader",
            FetchWaitMaxMs = 10,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var results = new List<ConsumeResult<byte[]?, byte[]?>>();
        while (results.Count < count)
            results.Add(consumer.Consume(Bound) ?? throw new TimeoutException($"{topic}: {results.Count} of {count} records within {Bound}"));
        return results;
    }

    /// <summary>Sums the offsets that the group has committed on the input, which is the number of records it is through with.</summary>
    public long Committed(string group = "group", int partitions = 3)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Cluster.BootstrapServers, GroupId = group }).Build();
        return consumer.Committed(Enumerable.Range(0, partitions).Select(p => new TopicPartition(Input, p)), Bound).Sum(o => Math.Max(0, o.Offset.Value));
    }

    /// <summary>Asks how many records a topic of one partition has taken.</summary>
    public long End(string topic)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Cluster.BootstrapServers, GroupId = "end" }).Build();
        return consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), Bound).High.Value;
    }

    public static Task Until(Func<bool> condition, string what, Func<string>? state = null) => Eventually.TrueAsync(condition, Bound, what, state);

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        foreach (var meter in _meters)
            meter.Dispose();
        Cluster.Dispose();
    }

    private IProducer<byte[]?, byte[]?> Producer() => new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
    {
        BootstrapServers = Cluster.BootstrapServers,
        LingerMs = 1,
        QueueBufferingMaxMessages = 1_000_000,
    }).Build();

    private static void Send(IProducer<byte[]?, byte[]?> producer, string topic, Message<byte[]?, byte[]?> message) =>
        producer.Produce(topic, message, report => Assert.False(report.Error.IsError, report.Error.Reason));
}

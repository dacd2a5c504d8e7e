using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.InteropServices;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Turns options into the properties of a client: our defaults, then the user's, then what the delivery guarantee rests on.</summary>
internal static class KafkaProperties
{
    public const string UserName = "sasl.username";
    public const string Password = "sasl.password";

    private const string SessionTimeout = "session.timeout.ms";
    private const string DefaultSessionTimeout = "10000";

    private const long ReadAheadKib = 4 * 1024;

    // A reader of windows and past alerts stands beside a consumer that reads ahead itself.
    private const long ReaderReadAheadKib = 2 * 1024;

    private static readonly TimeSpan RejoinBound = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, string> Reserved = new(StringComparer.Ordinal)
    {
        ["bootstrap.servers"] = "set kafka.bootstrap_servers instead",
        ["metadata.broker.list"] = "set kafka.bootstrap_servers instead",
        ["group.id"] = "set kafka.group_id instead",
        ["enable.auto.commit"] = "offsets are committed only after the alerts of their records were acknowledged",
        ["enable.auto.offset.store"] = "offsets are committed only after the alerts of their records were acknowledged",
        ["auto.commit.enable"] = "offsets are committed only after the alerts of their records were acknowledged",
        ["auto.commit.interval.ms"] = "set kafka.commit_interval instead",
        ["enable.partition.eof"] = "it is always on: it tells where a partition ends",
        ["allow.auto.create.topics"] = "reading never creates a topic",
        ["enable.idempotence"] = "the producer is always idempotent",
        ["acks"] = "alerts and dead letters are acknowledged by all replicas",
        ["request.required.acks"] = "alerts and dead letters are acknowledged by all replicas",
        ["transactional.id"] = "it is made of the group and kafka.instance_id; set delivery: exactly_once of a detector",
        ["test.mock.num.brokers"] = "the embedded cluster is started by the program",
    };

    private static readonly string[] ConsumerOnly =
    [
        "auto.offset.reset", "partition.assignment.strategy", SessionTimeout, "heartbeat.interval.ms", "group.instance.id", "group.protocol",
        "group.protocol.type", "group.remote.assignor", "max.poll.interval.ms", "queued.min.messages", "queued.max.messages.kbytes",
        "fetch.wait.max.ms", "fetch.queue.backoff.ms", "fetch.message.max.bytes", "max.partition.fetch.bytes", "fetch.max.bytes", "fetch.min.bytes",
        "fetch.error.backoff.ms", "isolation.level", "check.crcs", "client.rack", "coordinator.query.interval.ms",
    ];

    private static readonly string[] ProducerOnly =
    [
        "linger.ms", "queue.buffering.max.ms", "queue.buffering.max.messages", "queue.buffering.max.kbytes", "message.send.max.retries", "retries",
        "compression.codec", "compression.type", "compression.level", "batch.num.messages", "batch.size", "partitioner", "message.timeout.ms",
        "delivery.timeout.ms", "request.timeout.ms", "sticky.partitioning.linger.ms", "enable.gapless.guarantee", "queue.buffering.backpressure.threshold",
        "transaction.timeout.ms",
    ];

    /// <summary>Makes the properties of a detector's consumer.</summary>
    public static Dictionary<string, string> ForConsumer(KafkaOptions options, string groupId) => ForReading(options, groupId, ReadAheadKib);

    /// <summary>Makes the properties of a client that reads by assignment: it joins no group and commits nothing.</summary>
    public static Dictionary<string, string> ForReader(KafkaOptions options)
    {
        var properties = ForReading(options, options.GroupId + ".reader", ReaderReadAheadKib);
        // The client refuses bounds of the group that do not fit each other, also where it joins none.
        foreach (var name in new[] { "partition.assignment.strategy", "group.instance.id", "group.protocol", "group.remote.assignor", SessionTimeout, "heartbeat.interval.ms", "max.poll.interval.ms" })
            properties.Remove(name);
        properties["isolation.level"] = "read_committed";
        return properties;
    }

    /// <summary>Gives how long a transaction may stay open: whoever reads what is committed waits no longer behind a process that died.</summary>
    public static TimeSpan TransactionTimeout(KafkaOptions options) => options.CommitInterval + TimeSpan.FromSeconds(10);

    /// <summary>Gives how long joining the group may take: until the broker has found out who left without a word, and the others have joined again.</summary>
    /// <returns>Null where the group's protocol knows no join: members are told what is theirs by the answers to their heartbeats.</returns>
    public static TimeSpan? JoinBound(KafkaOptions options) =>
        !BrokerAssigns(options) && int.TryParse(options.Properties.TryGetValue(SessionTimeout, out var own) ? own : DefaultSessionTimeout, CultureInfo.InvariantCulture, out var sessionMs)
            ? TimeSpan.FromMilliseconds(sessionMs) + RejoinBound
            : null;

    /// <summary>Makes the properties of a producer.</summary>
    /// <param name="options">Cluster.</param>
    /// <param name="transactionOf">The group whose offsets go with what it writes in one transaction; null without transactions.</param>
    public static Dictionary<string, string> ForProducer(KafkaOptions options, string? transactionOf = null)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client.id"] = "aeanomaly",
            ["linger.ms"] = "1",
            // The partitioner of the Java client, so that a key lies where other producers of the topic put it.
            ["partitioner"] = "murmur2_random",
            ["message.timeout.ms"] = "60000",
            ["topic.metadata.refresh.interval.ms"] = "10000",
            ["reconnect.backoff.max.ms"] = "2000",
        };
        if (transactionOf is not null)
        {
            var bound = Text((long)TransactionTimeout(options).TotalMilliseconds);
            properties["transaction.timeout.ms"] = bound;
            properties["message.timeout.ms"] = bound;
        }

        AddOwn(properties, options, ConsumerOnly);
        if (transactionOf is not null)
            properties["transactional.id"] = $"{transactionOf}.{options.InstanceId ?? Text(Environment.ProcessId) + "." + Environment.MachineName}";
        properties["bootstrap.servers"] = options.BootstrapServers;
        properties["enable.idempotence"] = "true";
        properties["acks"] = "all";
        return properties;
    }

    /// <summary>Makes the properties of a client that asks for metadata only.</summary>
    public static Dictionary<string, string> ForAdministration(KafkaOptions options)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["client.id"] = "aeanomaly" };
        AddOwn(properties, options, [.. ConsumerOnly, .. ProducerOnly]);
        properties["bootstrap.servers"] = options.BootstrapServers;
        return properties;
    }

    /// <summary>Checks the user's properties one by one against librdkafka; contacts nobody.</summary>
    public static IEnumerable<ValidationResult> Check(KafkaOptions options)
    {
        if (options.MaxDeadLetterBytes < DeadLetter.MinimumBytes)
            yield return new ValidationResult($"must be at least {DeadLetter.MinimumBytes}, found {options.MaxDeadLetterBytes}", [nameof(KafkaOptions.MaxDeadLetterBytes)]);

        Librdkafka.EnsureLoaded();
        var configuration = Librdkafka.ConfigurationNew();
        try
        {
            foreach (var (name, value) in options.Properties)
            {
                if (Problem(configuration, name, value) is { } problem)
                    yield return new ValidationResult($"{name}: {problem}", [nameof(KafkaOptions.Properties)]);
            }
        }
        finally
        {
            Librdkafka.ConfigurationDestroy(configuration);
        }
    }

    private static unsafe string? Problem(nint configuration, string name, string value)
    {
        if (Reserved.TryGetValue(name, out var why))
            return $"cannot be set here: {why}";
        if (name.StartsWith("dotnet.", StringComparison.Ordinal))
            return "properties of the .NET client cannot be set here";

        const int ErrorSize = 512;
        var error = stackalloc byte[ErrorSize];
        return Librdkafka.ConfigurationSet(configuration, name, value ?? "", error, ErrorSize) == 0
            ? null
            : $"{Marshal.PtrToStringUTF8((nint)error)?.TrimEnd()}; the names and values are those of librdkafka's CONFIGURATION.md";
    }

    private static bool BrokerAssigns(KafkaOptions options) =>
        options.Properties.TryGetValue("group.protocol", out var protocol) && protocol.Equals("consumer", StringComparison.OrdinalIgnoreCase);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, string> ForReading(KafkaOptions options, string groupId, long readAheadKib)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client.id"] = "aeanomaly",
            ["auto.offset.reset"] = "earliest",
            ["fetch.wait.max.ms"] = "20",
            // After the local queue was full once, librdkafka pauses each partition for this time, by default 1 s: a quick reader then mostly waits.
            ["fetch.queue.backoff.ms"] = "2",
            // A topic that is created later is seen after this time.
            ["topic.metadata.refresh.interval.ms"] = "10000",
            ["reconnect.backoff.max.ms"] = "2000",
        };
        // The broker assigns in the next-generation protocol, and refuses a client that wants to.
        if (!BrokerAssigns(options))
        {
            properties["partition.assignment.strategy"] = "cooperative-sticky";
            // What a crashed member leaves is read by others after this time; in the next-generation protocol the broker says how long it is.
            properties[SessionTimeout] = DefaultSessionTimeout;
            properties["heartbeat.interval.ms"] = "2000";
        }

        if (options.InstanceId is { } instance)
            properties["group.instance.id"] = instance;
        // What the client reads ahead; it goes on reading until this is full, and the largest record must fit. Small records take two to three times as much with what
        // the client keeps of each, and more is of no use to a loop that takes a few thousand records at a time: 8 and 16 MiB were measured to be no quicker.
        properties["queued.max.messages.kbytes"] = Text(Math.Min(options.MaxWaitingBytes / 2 / 1024, readAheadKib));
        AddOwn(properties, options, ProducerOnly);
        properties["bootstrap.servers"] = options.BootstrapServers;
        properties["group.id"] = groupId;
        properties["enable.auto.commit"] = "false";
        properties["enable.auto.offset.store"] = "false";
        properties["enable.partition.eof"] = "true";
        properties["allow.auto.create.topics"] = "false";
        return properties;
    }

    private static void AddOwn(Dictionary<string, string> properties, KafkaOptions options, IReadOnlyCollection<string> except)
    {
        foreach (var (name, value) in options.Properties)
        {
            if (Reserved.TryGetValue(name, out var why))
                throw new ArgumentException($"kafka.properties.{name} cannot be set: {why}.");
            // A property of the other kind of client would only make librdkafka warn.
            if (!except.Contains(name))
                properties[name] = value;
        }
    }

    /// <summary>Tells where reading begins without a committed offset.</summary>
    public static AutoOffsetReset StartOf(IReadOnlyDictionary<string, string> consumerProperties) =>
        consumerProperties["auto.offset.reset"].ToLowerInvariant() switch
        {
            "latest" or "largest" or "end" => AutoOffsetReset.Latest,
            "error" => AutoOffsetReset.Error,
            _ => AutoOffsetReset.Earliest,
        };
}

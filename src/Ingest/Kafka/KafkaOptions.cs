using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Sets how the cluster is reached and how records are read (the <c>kafka</c> section).</summary>
public sealed class KafkaOptions : IValidatableObject
{
    /// <summary>Gets or sets the brokers asked first.</summary>
    [Required]
    [Description("Brokers asked first: HOST:PORT, several with commas.")]
    public string BootstrapServers { get; set; } = "";

    /// <summary>Gets or sets the prefix of the consumer groups; each detector has a group of its own.</summary>
    /// <value>Default "aeanomaly".</value>
    [Required]
    [Description("Prefix of the consumer groups: the group of a detector is GROUP_ID.DETECTOR.")]
    public string GroupId { get; set; } = "aeanomaly";

    /// <summary>Gets or sets a name that stays the same when this process is started again, and that no other process of the group has: a pod's name of a StatefulSet, a host's name.</summary>
    /// <value>Default null: the process is a new member after each start. With a name it is the same member (static membership): its partitions wait for it, for as long as
    /// <c>session.timeout.ms</c>, and come back without a rebalance.</value>
    [RegularExpression("[A-Za-z0-9._-]{1,200}")]
    [Description("Name of this process that outlives a restart and is unique in the group, say the pod's of a StatefulSet: it then gets its partitions back without a rebalance.")]
    public string? InstanceId { get; set; }

    /// <summary>Gets or sets any property of librdkafka by its own name; it wins over the defaults here.</summary>
    /// <remarks>Properties that the delivery guarantee rests on are refused by <see cref="Validate"/>.</remarks>
    [Description("Any property of librdkafka by its own name, say security.protocol; those that the delivery guarantee rests on are refused.")]
    public IDictionary<string, string> Properties { get; set; } = new Dictionary<string, string>();

    /// <summary>Gets or sets how many records are scored together at most.</summary>
    /// <value>Default 2,048.</value>
    [Range(1, 100_000)]
    [Description("Records scored together at most.")]
    public int BatchRecords { get; set; } = 2_048;

    /// <summary>Gets or sets how long a batch that has a record and is not full waits for more.</summary>
    /// <value>Default 2 ms; adds to the latency of an alert.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:01")]
    [Description("How long a batch that has a record and is not full waits for more; adds to the latency of an alert.")]
    public TimeSpan BatchWait { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Gets or sets after how many records offsets are committed at the latest.</summary>
    /// <value>Default 5,000.</value>
    [Range(1, 10_000_000)]
    [Description("Records after which offsets are committed at the latest.")]
    public int CommitRecords { get; set; } = 5_000;

    /// <summary>Gets or sets after how long offsets are committed at the latest.</summary>
    /// <value>Default 200 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    [Description("Time after which offsets are committed at the latest.")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Gets or sets the largest value that is decoded.</summary>
    /// <value>Default 1 MiB; larger ones are dead-lettered as "too_large".</value>
    [Range(1_024, 1_000_000_000)]
    [Description("Largest record value decoded, in bytes; larger ones go to the dead-letter topic.")]
    public int MaxRecordBytes { get; set; } = 1_048_576;

    /// <summary>Gets or sets the largest dead letter written.</summary>
    /// <value>Default 900,000 bytes, below a broker's default limit of 1,048,588; a longer value is cut and its size and SHA-256 go into headers.</value>
    [Range(16_384, 1_000_000_000)]
    [Description("Largest dead letter written, in bytes; the value of a larger one is cut, its size and SHA-256 are kept as headers. At most the broker's message.max.bytes.")]
    public int MaxDeadLetterBytes { get; set; } = 900_000;

    /// <summary>Gets or sets how much may wait in memory for one detector: records read, alerts and dead letters not acknowledged.</summary>
    /// <value>Default 64 MiB; beyond it, reading pauses. Half of it is what the client reads ahead.</value>
    [Range(1_048_576L, 68_719_476_736L)]
    [Description("Bytes that may wait in memory for each detector: records read ahead, alerts and dead letters not acknowledged; beyond it, reading pauses.")]
    public long MaxWaitingBytes { get; set; } = 67_108_864;

    /// <summary>Gets or sets how long one question about topics and offsets may take.</summary>
    /// <value>Default 5 seconds; it is asked three times.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    [Description("How long one question about topics and offsets may take.")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how long a stop may take: finish the batch, publish, commit, leave the group.</summary>
    /// <value>Default 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    [Description("How long a stop may take: finish the batch, publish, commit, leave the group.")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Makes a copy with other properties of librdkafka.</summary>
    /// <param name="properties">All of them, by their own names.</param>
    public KafkaOptions With(IDictionary<string, string> properties)
    {
        var copy = (KafkaOptions)MemberwiseClone();
        copy.Properties = properties;
        return copy;
    }

    /// <summary>Finds brokers that are no addresses, properties that librdkafka does not know, values it does not take, and properties that are not free to set.</summary>
    /// <param name="validationContext">Not used.</param>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BrokerAddresses.Problem(BootstrapServers) is { } problem)
            yield return new ValidationResult(problem, [nameof(BootstrapServers)]);
        foreach (var property in KafkaProperties.Check(this))
            yield return property;
    }
}

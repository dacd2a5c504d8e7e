using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Streaming;

/// <summary>Scores the records a source decoded, and decides.</summary>
public interface IRecordProcessor
{
    /// <summary>Gets the declared fields, which the source decodes into.</summary>
    FeatureSpec Spec { get; }

    /// <summary>Gets whether a model is loaded; while not, the source keeps its partitions paused and hands over nothing.</summary>
    bool IsReady { get; }

    /// <summary>Learns that a partition is about to be read, and says what the source has to hand over of it before the first record to process; may be called again before that comes.</summary>
    /// <param name="topic">Topic.</param>
    /// <param name="partition">Partition.</param>
    /// <param name="topicId">Id of the topic; null where the brokers tell none.</param>
    /// <param name="first">Offset of the first record to process.</param>
    PastWanted Begin(string topic, int partition, string? topicId, long first);

    /// <summary>Learns that what was processed of a partition is committed: after any restart it is not processed again.</summary>
    /// <param name="topic">Topic.</param>
    /// <param name="partition">Partition.</param>
    /// <param name="offset">Offset of the first record after it.</param>
    void Committed(string topic, int partition, long offset);

    /// <summary>Takes records that lie before the first one to process, to know what came before it; scores nothing, publishes nothing.</summary>
    /// <param name="past">Decoded records in offset order for each partition, all before any of that partition to <see cref="Process"/>; valid only during the call.</param>
    void Recall(RecordBatch past);

    /// <summary>Gets how long ago the alerts were published that the source hands over of each partition that it begins to read.</summary>
    TimeSpan PastAlerts { get; }

    /// <summary>Takes an alert that was published before, by this process or another one, to go on with what it began; the older ones come first.</summary>
    /// <param name="value">Value of the message, valid only during the call.</param>
    /// <param name="partitions">Topics and partitions that are about to be read; what concerns others is passed over.</param>
    void RecallAlert(ReadOnlyMemory<byte> value, IReadOnlySet<(string Topic, int Partition)> partitions);

    /// <summary>Forgets what came before in partitions: this process misses what comes, or their log is another.</summary>
    /// <param name="partitions">Topics and partitions.</param>
    /// <param name="reason">Why.</param>
    void Forget(IReadOnlySet<(string Topic, int Partition)> partitions, ForgetReason reason);

    /// <summary>Scores the records, publishes alerts for anomalies; called by one thread, batch after batch.</summary>
    /// <param name="batch">Decoded records in offset order for each partition; valid only during the call.</param>
    /// <param name="alerts">Receives alerts; the source commits the batch's offsets only after every one was acknowledged.</param>
    void Process(RecordBatch batch, IAlertSink alerts);

    /// <summary>Closes what time closes (episodes, schedules); called now and then by the same thread, also when no record comes.</summary>
    /// <param name="alerts">Receives alerts.</param>
    void Tick(IAlertSink alerts);
}

using System.Runtime.InteropServices;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

// What is wrong, and where the loop stands.
internal sealed unsafe partial class ConsumerLoop
{
    private const int NoPartition = -1;

    // What cannot be undone is shown long enough for someone to look.
    private static readonly TimeSpan NoticeFor = TimeSpan.FromHours(1);

    private static readonly TimeSpan AskForEndsEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskForEndsWithin = TimeSpan.FromSeconds(1);

    // Of a partition, of a topic, and of the group, which is no topic's.
    private readonly SortedDictionary<(string Topic, int Partition), string> _problems = [];
    private string? _notice;
    private long _noticedAt;
    private long? _endsAskedAt;

    /// <summary>Gets how far each assigned partition is behind; replaced about every second.</summary>
    public IReadOnlyList<PartitionLag> Lags { get; private set; } = [];

    /// <summary>Gets the assigned partitions of which nothing is read until somebody says where; replaced about every second.</summary>
    public int StoppedPartitions { get; private set; }

    /// <summary>Gets what the loop is doing.</summary>
    public ConsumerState State =>
        _partitions.Count > 0 ? _pauseReason : !_health.IsReachable ? ConsumerState.Connecting : IsMember ? ConsumerState.Spare : ConsumerState.Joining;

    /// <summary>Gets the number of assigned partitions.</summary>
    public int AssignedPartitions => _partitions.Count;

    /// <summary>Gets the number of partitions that the topics have, as last heard.</summary>
    public int TopicPartitions => _topics.Partitions;

    /// <summary>Gets whether a topic was deleted and created anew, so that the clients here know another one.</summary>
    public bool IsOutdated => _topics.HasChanged;

    /// <summary>Gets whether the clients here were refused and are let in again, so that others must take their place.</summary>
    public bool WasRefused => _health.WasRefused;

    /// <summary>Gets whether the client is in its group, be it without a partition.</summary>
    public bool IsMember { get; private set; }

    /// <summary>Gets whether the client tries to join its group, and nothing is known that keeps it from it.</summary>
    public bool IsJoining => State == ConsumerState.Joining && Obstacle is null && _problems.Count == 0;

    /// <summary>Gets whether a broker answers.</summary>
    public bool IsBrokerReachable => _health.IsReachable;

    /// <summary>Gets the records not read yet, or null before anything was fetched.</summary>
    public long? Lag { get; private set; }

    /// <summary>Gets what is wrong, or null.</summary>
    public string? Problem => _breaker.Problem ?? Obstacle ?? (_problems.Count > 0 ? _problems.Values.First() : CurrentNotice);

    /// <summary>Gets whether alerts and dead letters go out.</summary>
    public bool CanPublish => _outbox.Problem is null && !_topics.LacksOutput;

    /// <summary>Gets the bytes of the records that were read and are not processed.</summary>
    public long HeldBytes => _heldBytes;

    /// <summary>Gets the bytes of one kind handed over and not acknowledged.</summary>
    public long WaitingBytesOf(OutboundKind kind) => _outbox.WaitingBytesOf(kind);

    private string? Obstacle => _health.Problem ?? _topics.Problem ?? _outbox.Problem;

    private string? CurrentNotice => _notice is not null && _time.GetElapsedTime(_noticedAt) < NoticeFor ? _notice : null;

    private void WatchTopics()
    {
        if (_health.IsReachable && _topics.Turn())
            _health.Answered();
    }

    private void MeasureLag()
    {
        if (_pauseReason is ConsumerState.WaitingForModel or ConsumerState.Halted && _health.IsReachable && (_endsAskedAt is not { } askedAt || _time.GetElapsedTime(askedAt) >= AskForEndsEvery))
            AskForEnds();
        var lags = new List<PartitionLag>(_partitions.Count);
        foreach (var position in _partitions.Positions)
        {
            var end = Math.Max(_consumer.GetWatermarkOffsets(Named(position)).High.Value, position.End);
            if (end >= 0 && position.Processed >= 0)
                lags.Add(new PartitionLag(position.Topic, position.Partition, Math.Max(0, end - position.Processed)));
        }

        StoppedPartitions = _partitions.Positions.Count(position => position.IsStopped);
        Lags = lags;
        Lag = lags.Count == 0 ? null : lags.Sum(lag => lag.Records);
    }

    // Where nothing is fetched, no fetch tells how much there is.
    private void AskForEnds()
    {
        _endsAskedAt = _time.GetTimestamp();
        try
        {
            foreach (var position in _partitions.Positions)
                position.End = _consumer.QueryWatermarkOffsets(Named(position), AskForEndsWithin).High.Value;
        }
        catch (KafkaException exception)
        {
            Log.EndsNotKnown(_logger, _route.Name, exception.Error.Reason);
        }
    }

    private void TakeError(NativeMessage* message)
    {
        var code = (ErrorCode)message->Error;
        if (code == ErrorCode.Local_PartitionEOF)
        {
            TakeEnd(message);
            return;
        }

        var text = message->Payload == null ? code.GetReason() : Marshal.PtrToStringUTF8((nint)message->Payload, (int)message->PayloadSize);
        var error = new Error(code, text, code == ErrorCode.Local_Fatal);
        if (error.IsFatal)
        {
            _callbackFailure = new KafkaException(error);
            return;
        }

        if (code is ErrorCode.Local_MaxPollExceeded)
        {
            Log.PollExceeded(_logger, _route.Name, text);
            return;
        }

        var topic = message->Topic == 0 ? "" : Marshal.PtrToStringUTF8((nint)Librdkafka.TopicName(message->Topic)) ?? "";
        if (code == ErrorCode.Local_AutoOffsetReset && _partitions.Find(topic, message->Partition) is { } position)
            TakeNoStart(position);
        else if (topic.Length == 0 || code == ErrorCode.GroupAuthorizationFailed)
            Say("", NoPartition, KafkaAdvice.ForJoining(_route.GroupId, _assignor, error));
        else if (KafkaAdvice.IsUnknownTopic(code))
            _topics.NoteMissing(topic);
        else
            Say(topic, message->Partition, KafkaAdvice.ForReading(topic, error));
    }

    /// <summary>Takes the end of a partition: what lies between the last record and it (markers of transactions, records that were aborted) needs no reading.</summary>
    private void TakeEnd(NativeMessage* message)
    {
        if (_partitions.Find(message->Topic, message->Partition) is not { IsPlaced: true } position)
            return;
        var end = message->Offset;
        if (end < position.FirstNew)
            position.Displace(end);
        else if (position.Follow(end, end))
            position.Read = end;
        NoteUnplaced(position);
        _hasGaps |= position.GapFrom >= 0;
    }

    // An error that stands comes again and again; it is said once.
    private void Say(string topic, int partition, string problem)
    {
        if (_problems.TryGetValue((topic, partition), out var known) && known == problem)
            return;
        _problems[(topic, partition)] = problem;
        Log.ReadFailed(_logger, _route.Name, problem);
    }

    private void Notice(string what)
    {
        (_notice, _noticedAt) = (what, _time.GetTimestamp());
        Log.Noticed(_logger, _route.Name, what);
    }

    private static partial class Log
    {
        [LoggerMessage(3000, LogLevel.Information, "Detector {Detector}: reads {Topics} as group {GroupId}")]
        public static partial void Started(ILogger logger, string detector, string topics, string groupId);

        [LoggerMessage(3001, LogLevel.Information, "Detector {Detector}: {Count} partitions assigned: {Partitions}")]
        public static partial void Assigned(ILogger logger, string detector, int count, string partitions);

        [LoggerMessage(3002, LogLevel.Information, "Detector {Detector}: {Count} partitions given away: {Partitions}")]
        public static partial void Revoked(ILogger logger, string detector, int count, string partitions);

        [LoggerMessage(3003, LogLevel.Warning, "Detector {Detector}: {Count} partitions lost, nothing is committed for them: {Partitions}; the process was away longer than the group allows")]
        public static partial void Lost(ILogger logger, string detector, int count, string partitions);

        [LoggerMessage(3004, LogLevel.Information, "Detector {Detector}: reading paused, {Reason}")]
        public static partial void Paused(ILogger logger, string detector, string reason);

        [LoggerMessage(3005, LogLevel.Information, "Detector {Detector}: reading resumed")]
        public static partial void Resumed(ILogger logger, string detector);

        [LoggerMessage(3006, LogLevel.Warning, "Detector {Detector}: where to read could not be asked for ({Reason}); it is tried again, and nothing is read meanwhile where it is not known")]
        public static partial void StartsNotChosen(ILogger logger, string detector, string reason);

        [LoggerMessage(3007, LogLevel.Warning, "Detector {Detector}: {Problem}")]
        public static partial void ReadFailed(ILogger logger, string detector, string problem);

        [LoggerMessage(3008, LogLevel.Warning, "Detector {Detector}: left the group because a batch took too long ({Reason}); joins again. Raise max.poll.interval.ms or lower kafka.batch_records")]
        public static partial void PollExceeded(ILogger logger, string detector, string reason);

        [LoggerMessage(3009, LogLevel.Warning, "Detector {Detector}: stops without a broker; what was not committed is read again")]
        public static partial void StoppedWithoutBroker(ILogger logger, string detector);

        [LoggerMessage(3042, LogLevel.Warning, "Detector {Detector}: leaving the group failed ({Code}); its partitions are free after the session timeout")]
        public static partial void CloseFailed(ILogger logger, string detector, ErrorCode code);

        [LoggerMessage(3043, LogLevel.Information, "Detector {Detector}: reads the records before the first new one of {Partitions} partitions again, unscored, to know what came before")]
        public static partial void SetBack(ILogger logger, string detector, int partitions);

        [LoggerMessage(3044, LogLevel.Warning, "Detector {Detector}: {What}")]
        public static partial void Noticed(ILogger logger, string detector, string what);

        [LoggerMessage(3032, LogLevel.Error, "Detector {Detector}: {Problem}")]
        public static partial void Halted(ILogger logger, string detector, string problem);

        [LoggerMessage(3033, LogLevel.Information, "Detector {Detector}: goes on reading, as asked; dead letters are counted anew")]
        public static partial void ToldToGoOn(ILogger logger, string detector);

        [LoggerMessage(3040, LogLevel.Warning, "Detector {Detector}: offsets could not be committed ({Code}); tried again")]
        public static partial void CommitFailed(ILogger logger, string detector, ErrorCode code);

        [LoggerMessage(3041, LogLevel.Warning, "Detector {Detector}: {Count} partitions are given away uncommitted ({Reason}); their next owner repeats some records")]
        public static partial void NotSettled(ILogger logger, string detector, int count, string reason);

        [LoggerMessage(3045, LogLevel.Debug, "Detector {Detector}: the ends of its partitions could not be asked for ({Reason}); the lag shown is the one before")]
        public static partial void EndsNotKnown(ILogger logger, string detector, string reason);

        [LoggerMessage(3046, LogLevel.Information, "Detector {Detector}: read {Count} alerts of topic {AlertTopic} again, to go on with their episodes")]
        public static partial void AlertsRecalled(ILogger logger, string detector, int count, string alertTopic);

        [LoggerMessage(3047, LogLevel.Warning, "Detector {Detector}: the alerts published before could not be read from topic {AlertTopic} ({Reason}); its episodes begin anew. Grant READ on the topic where that is missing")]
        public static partial void AlertsNotRecalled(ILogger logger, string detector, string alertTopic, string reason);

        [LoggerMessage(3048, LogLevel.Warning, "Detector {Detector}: a transaction could not be aborted ({Reason}); it is when the next one begins, or after transaction.timeout.ms")]
        public static partial void NotAborted(ILogger logger, string detector, string reason);

        [LoggerMessage(3050, LogLevel.Error, "Detector {Detector}: scoring a batch of {Count} records threw; it is tried once more, then record by record")]
        public static partial void ProcessFailed(ILogger logger, string detector, int count, Exception exception);

        [LoggerMessage(3052, LogLevel.Error, "Detector {Detector}: scoring the record at {Topic}/{Partition} offset {Offset} threw; it goes to the dead letters")]
        public static partial void RecordFailed(ILogger logger, string detector, string topic, int partition, long offset, Exception exception);

        [LoggerMessage(3051, LogLevel.Error, "Detector {Detector}: the decoder threw at {Topic}/{Partition} offset {Offset}")]
        public static partial void DecoderThrew(ILogger logger, string detector, string topic, int partition, long offset, Exception exception);
    }
}

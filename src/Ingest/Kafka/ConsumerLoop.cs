using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>
/// Turns one detector's loop: read, decode, process, publish, commit. Everything here, callbacks of librdkafka included, happens on the thread that calls
/// <see cref="Turn"/>. A record's offset is committed only after it was processed and every alert and dead letter up to it was acknowledged.
/// </summary>
internal sealed unsafe partial class ConsumerLoop : IDisposable
{
    // What else the loop does, commits above all, waits so long where nothing comes.
    private const int IdleMs = 10;

    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    private KafkaOptions _options;
    private readonly DetectorRoute _route;
    private readonly IRecordDecoder _decoder;
    private readonly IRecordProcessor _processor;
    private readonly DeadLetterBreaker _breaker;
    private readonly IngestMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BrokerHealth _health;
    private readonly BadRecordLog _badRecords;
    private readonly AlertStage _alerts;
    private readonly BatchTrace _trace;
    private readonly Outbox _outbox;
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly nint _client;
    private readonly ConsumeQueue _queue;
    private readonly OffsetCommitter _committer;
    private readonly Transaction? _transaction;
    private readonly AutoOffsetReset _start;
    private readonly PartitionTable _partitions = new();
    private readonly TopicWatch _topics;
    private readonly string _assignor;
    private readonly int _gatherMs;

    private RecordBatch _batch;
    private RecordBatch? _spare;
    private nint[] _held;
    private long _heldBytes;
    private long _usualBytes = 4_096;
    private long _batchBytes;
    private long _batchTombstones;
    private RecordBatch? _past;
    private int _newMessages;
    private bool _hasGaps;
    private Exception? _callbackFailure;
    private long _tickedAt;

    public ConsumerLoop(
        KafkaOptions options,
        DetectorRoute route,
        IReadOnlyList<WatchedTopic> topics,
        IRecordDecoder decoder,
        IRecordProcessor processor,
        SizeLimits limits,
        DeadLetterBreaker breaker,
        IngestMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        (_options, _route, _decoder, _processor, _breaker, _metrics, _time, _logger) = (options, route, decoder, processor, breaker, metrics, time, logger);
        _gatherMs = Math.Max(1, (int)options.BatchWait.TotalMilliseconds);
        _health = new BrokerHealth(options, route, time, logger);
        _badRecords = new BadRecordLog(route, time, logger);
        _alerts = new AlertStage(route);
        _trace = new BatchTrace(route);
        _scoreMessage = route.ScoresTopic is { } scoresTopic ? new ScoreMessage(scoresTopic, route.Name) : null;
        _copyMessage = route.Repartitioning is { } copies ? new CopyMessage(copies.Topic, copies.Key) : null;
        _copiedOrigin = route.ReadsCopies ? new CopiedOrigin() : null;
        _batch = new RecordBatch(processor.Spec, options.BatchRecords);
        _held = new nint[options.BatchRecords];
        Librdkafka.EnsureLoaded();
        var properties = KafkaProperties.ForConsumer(options, route.GroupId);
        _start = KafkaProperties.StartOf(properties);
        // Where a group begins is chosen here; what is left to the client is to go on where the log begins when its position was deleted.
        if (_start == AutoOffsetReset.Latest)
            properties["auto.offset.reset"] = "earliest";
        if (route.IsExactlyOnce)
            properties["isolation.level"] = "read_committed";
        _assignor = properties.GetValueOrDefault("partition.assignment.strategy", "the broker's");
        _outbox = new Outbox(options, route, limits, metrics, _health, time, logger);
        try
        {
            _consumer = KafkaClients.Build(() => BuildConsumer(properties));
        }
        catch
        {
            _outbox.Dispose();
            throw;
        }

        _client = ClientHandle.Of(_consumer.Handle);
        _queue = new ConsumeQueue(_client, options.BatchRecords);
        _committer = new OffsetCommitter(_client);
        _transaction = route.IsExactlyOnce ? _outbox.Join(_client) : null;
        _topics = new TopicWatch(_client, topics, time, problem => Log.ReadFailed(_logger, _route.Name, problem));
        var now = time.GetTimestamp();
        (_tickedAt, _checkpointedAt) = (now, now);
    }

    /// <summary>Gets the bytes that the managed heap gave this thread between the call that reads and the end of decoding, over all turns.</summary>
    public long HotPathAllocatedBytes { get; private set; }

    /// <summary>Gets the records decoded, over all turns.</summary>
    public long DecodedRecords { get; private set; }

    /// <summary>Tells the living clients another user or password: connections that stand go on with the former, those made from now on take the new.</summary>
    public void TakeCredentials(KafkaOptions options)
    {
        _options = options;
        KafkaClients.SetCredentials(_consumer, options);
        _outbox.TakeCredentials(options);
    }

    /// <summary>Joins the group.</summary>
    public void Start()
    {
        _consumer.Subscribe(_route.Topics);
        Log.Started(_logger, _route.Name, string.Join(", ", _route.Topics), _route.GroupId);
    }

    /// <summary>Reads and handles one batch, or finds after a short wait that there is none.</summary>
    /// <param name="cancellationToken">Ends the longer waits of a turn.</param>
    /// <exception cref="KafkaException">The consumer failed fatally.</exception>
    public void Turn(CancellationToken cancellationToken)
    {
        _health.Probe(_topics);
        WatchTopics();
        ApplyPause();
        Read();
        if (_callbackFailure is { } failure)
            throw failure;
        if (!TryRecallAlerts(cancellationToken))
            return;
        ProcessBatch();
        if (_breaker.EndTurn())
            Log.Halted(_logger, _route.Name, _breaker.Problem!);
        PlaceAgain();
        _outbox.Service(TimeSpan.Zero);
        Commit();
        if (_time.GetElapsedTime(_tickedAt) >= TickEvery)
        {
            _tickedAt = _time.GetTimestamp();
            Tick();
        }

        _metrics.Looped(_route.Name);
    }

    /// <summary>Says that another client joins in place of this one, which does not get in.</summary>
    public void GiveUpJoining() => _hasGivenUpJoining = true;

    /// <summary>Publishes and commits what was processed, and leaves the group; takes about the shutdown timeout at most.</summary>
    public void Stop()
    {
        // A consumer cannot be closed while its messages are held.
        ClearBatch();
        // It has no partition to leave, and leaving waits for the answer that does not come.
        if (_hasGivenUpJoining)
            return;
        // Clients that were refused may wait for ever for a coordinator that has long taken others: closing them has no bound.
        if (!_health.IsReachable || _health.WasRefused)
        {
            Log.StoppedWithoutBroker(_logger, _route.Name);
            Forget(_partitions.ToList(), ForgetReason.Lost);
            return;
        }

        // Calls the revoked handler, which publishes and commits. Not by Confluent.Kafka: its Close destroys the client too, and with it what queues and topics here still
        // point to; what they then wrote into was another client's memory, whose lock never opened again.
        var code = (ErrorCode)Librdkafka.ConsumerClose(_client);
        // The group finds out by its session timeout; the error that led here, if any, must not be replaced by this one.
        if (code != ErrorCode.NoError)
            Log.CloseFailed(_logger, _route.Name, code);
    }

    public void Dispose()
    {
        ClearBatch();
        AwaitCommit();
        _scoreMessage?.Dispose();
        _queue.Dispose();
        _topics.Dispose();
        _committer.Dispose();
        KafkaClients.End(_consumer, _logger);
        _outbox.Dispose();
    }

    private void Read()
    {
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var count = _queue.Poll(IdleMs, _gatherMs, MostToRead());
        if (count > 0)
            _trace.BeginConsume();
        var i = 0;
        try
        {
            for (; i < count; i++)
            {
                Take(i);
                _queue.Release(i);
            }
        }
        finally
        {
            // A consumer cannot be closed while its messages are held.
            for (; i < count; i++)
                _queue.Release(i);
        }

        HotPathAllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        if (count == 0)
            return;
        _usualBytes = Math.Max(_batchBytes / count, _usualBytes - (_usualBytes / 8));
        _metrics.Consumed(_route.Name, _newMessages, _batchBytes);
        _breaker.Count(_newMessages - _batchTombstones);
        (_batchBytes, _newMessages) = (0, 0);
        if (_hasGaps)
            MeasureGaps();
        if (_batchTombstones > 0)
            _metrics.Tombstones(_route.Name, _batchTombstones);
        _batchTombstones = 0;
        _health.Answered();
    }

    // A batch that waits for a model can be full; the call must go on all the same, since it also serves the group. Large records are read by few, so that what waits stays within its bound.
    private int MostToRead()
    {
        var free = _options.BatchRecords - _batch.Count - (_past?.Count ?? 0);
        var room = (_options.MaxWaitingBytes / 2) - _heldBytes - _outbox.WaitingBytes;
        return (int)Math.Max(1, Math.Min(free, room / Math.Max(_usualBytes, 1)));
    }

    private void Take(int index)
    {
        var message = _queue[index];
        if (message->Error != 0)
        {
            TakeError(message);
            return;
        }

        // Read before a rebalance that came in the same call: its new owner reads it. Or before it is known where to read.
        if (_partitions.Find(message->Topic, message->Partition) is not { IsPlaced: true } position)
            return;
        if (_breaker.IsTripped && position.Next >= 0)
        {
            // Came before the pause took effect; it comes again.
            position.AwaitSeek();
            NoteUnplaced(position);
            return;
        }

        if (!position.Follow(message->Offset, message->Offset + 1))
        {
            NoteUnplaced(position);
            return;
        }

        _hasGaps |= position.GapFrom >= 0;
        if (_problems.Count > 0)
            _problems.Remove((position.Topic, position.Partition));
        var epoch = Librdkafka.MessageLeaderEpoch(message);
        if (message->Offset < position.FirstNew && !IsRewritten(position, message->Offset, epoch))
        {
            TakePast(message, position);
            return;
        }

        _newMessages++;
        position.LeaderEpoch = epoch;
        var isRepeated = IsRepeated(message, position, out var origin);
        _batchBytes += (long)message->PayloadSize;
        if (isRepeated)
        {
            _metrics.Repeated(_route.Name);
        }
        else if (message->Payload == null)
        {
            // A tombstone says that a key is deleted. There is nothing to score, and nothing wrong with it: counted, not dead-lettered.
            _batchTombstones++;
        }
        else if (origin.TimestampMs > RecordOrigin.LatestTimestampMs)
        {
            Refuse(message, origin, "ingest", new DecodeError(
                "time_out_of_range", null, $"The record's timestamp, {origin.TimestampMs} ms since 1970, lies beyond the year 9999."));
        }
        else if (message->PayloadSize > (nuint)_options.MaxRecordBytes)
        {
            Refuse(message, origin, "ingest", new DecodeError(
                "too_large", null, $"The value has {message->PayloadSize} bytes; kafka.max_record_bytes allows {_options.MaxRecordBytes}."));
        }
        else if (!TryDecode(message, origin, _batch, out var error))
        {
            if (error.IsDeletion)
                _batchTombstones++;
            else
                Refuse(message, origin, "decode", error);
        }
        else
        {
            // What it is a dead letter of, should it turn out to be one; until the batch is processed.
            Hold(_batch.Count - 1, _queue.Take(index));
            DecodedRecords++;
        }

        position.Read = message->Offset + 1;
    }

    private bool TryDecode(NativeMessage* message, in RecordOrigin origin, RecordBatch batch, out DecodeError error)
    {
        var rows = batch.Count;
        try
        {
            return _decoder.TryDecode(new ReadOnlySpan<byte>(message->Payload, (int)message->PayloadSize), origin, batch, out error);
        }
        catch (Exception exception)
        {
            // A decoder answers bad input; when it throws it has a fault, and one record must not stop all others.
            while (batch.Count > rows)
                batch.RemoveLast();
            Log.DecoderThrew(_logger, _route.Name, origin.Topic, origin.Partition, origin.Offset, exception);
            error = new DecodeError("decoder_fault", null, $"The decoder failed: {exception.Message}");
            return false;
        }
    }

    private void Refuse(NativeMessage* message, in RecordOrigin origin, string stage, in DecodeError error)
    {
        _metrics.DecodeFailed(_route.Name, error.Reason);
        _badRecords.Note(origin, error);
        _breaker.CountBad(origin, error);
        _outbox.Enqueue(DeadLetter.Create(message, origin, stage, error, _route, _options.MaxDeadLetterBytes));
    }

    private void ProcessBatch()
    {
        if (_breaker.IsTripped || !TryRecall())
            return;
        if (_batch.Count > 0)
        {
            if (!_processor.IsReady)
                return;

            _metrics.Batch(_route.Name, _batch.Count);
            _trace.BeginScore(_batch.Count);
            Judge();
            _trace.EndScore();
            RefuseUnjudged();
            PublishScores();
            PublishCopies();
            _alerts.MoveTo(_outbox, _trace, _held, _batch.Origins);
            _recordsSinceCheckpoint += _batch.Count;
            ClearBatch();
        }

        _trace.EndConsume();
        foreach (var position in _partitions.Positions)
            position.Processed = position.Read;
    }

    private void Tick()
    {
        _alerts.Clear();
        _processor.Tick(_alerts);
        _alerts.MoveTo(_outbox, _trace, _held, _batch.Origins);
        MeasureLag();
    }
}

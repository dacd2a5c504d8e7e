using AEAnomaly.Ingest.Native;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>
/// Publishes alerts and dead letters, and keeps each until its acknowledgement: what a producer gives up on, or takes with it when it fails fatally, is
/// produced again. One thread; its callbacks run inside <see cref="Service"/>.
/// </summary>
internal sealed partial class Outbox : IDisposable
{
    /// <summary>Messages that may wait before the loop stops reading.</summary>
    private const int Limit = 10_000;

    // An acknowledgement by all replicas takes milliseconds, a change of the leader some seconds.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // The client takes a transaction for failed a moment before it reports which message failed.
    private static readonly TimeSpan CauseComesWithin = TimeSpan.FromSeconds(1);

    private KafkaOptions _options;
    private readonly DetectorRoute _route;
    private readonly SizeLimits _limits;
    private readonly IngestMetrics _metrics;
    private readonly BrokerHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Queue<OutboundMessage> _unacknowledged = new();
    private readonly Queue<OutboundMessage> _forNext = new();
    private readonly OutboundLane[] _lanes;
    private readonly OutboundLane?[] _lanesByKind = new OutboundLane?[Enum.GetValues<OutboundKind>().Length];
    private readonly OutboundKind _mainKind;
    private readonly List<nint> _topics = [];
    private IProducer<byte[]?, byte[]?> _producer;
    private int _producerNumber;
    private int _inFlight;
    private bool _isFatal;
    private Transaction? _transaction;
    private string? _refused;
    private string? _consequence;
    private long _consequenceAt;

    public Outbox(KafkaOptions options, DetectorRoute route, SizeLimits limits, IngestMetrics metrics, BrokerHealth health, TimeProvider time, ILogger logger)
    {
        (_options, _route, _limits, _metrics, _health, _time, _logger) = (options, route, limits, metrics, health, time, logger);
        _shortenedLines = new LineBudget(time);
        foreach (var (kind, topic) in OutputsOf(route))
            _lanesByKind[(int)kind] = new OutboundLane(topic, time);
        _lanes = [.. _lanesByKind.OfType<OutboundLane>()];
        _mainKind = OutputsOf(route).First().Kind;
        _producer = CreateProducer();
    }

    /// <summary>Gets the number of messages handed over since the start, without those that wait for the next transaction.</summary>
    public long Enqueued { get; private set; }

    /// <summary>Gets the number of messages, counted from the first, all of which are acknowledged.</summary>
    public long AcknowledgedThrough => Enqueued - _unacknowledged.Count;

    /// <summary>Gets what keeps messages from being delivered, or null.</summary>
    public string? Problem => Array.Find(_lanes, static lane => lane.Problem is not null)?.Problem ?? Delay;

    /// <summary>Gets whether what is handed over waits for the next transaction.</summary>
    public bool IsTransactionFull { get; private set; }

    /// <summary>Gets the bytes handed over and not acknowledged.</summary>
    public long WaitingBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var lane in _lanes)
                bytes += lane.WaitingBytes;
            return bytes;
        }
    }

    /// <summary>Gets whether the loop should stop reading until messages are acknowledged.</summary>
    /// <remarks>Dead letters that are refused do not stop the alerts of what is read meanwhile; nothing is committed, and what waits is bounded all the same.</remarks>
    public bool IsCongested => Array.Exists(_lanes, IsStopped) || _unacknowledged.Count + _forNext.Count >= Limit || WaitingBytes >= _options.MaxWaitingBytes;

    // A topic without enough replicas refuses nothing and acknowledges nothing.
    private string? Delay => _unacknowledged.TryPeek(out var first) && !first.IsAcknowledged && _time.GetElapsedTime(first.EnqueuedAt) >= LongestWait
        ? KafkaAdvice.ForSilentOutput(first.Topic, LongestWait)
        : null;

    // What failed first, and whether that is remedied, is not known yet, or was no message's fault.
    private string? ConsequenceAlone => _consequence is not null && (_inFlight == 0 || _time.GetElapsedTime(_consequenceAt) >= CauseComesWithin) ? _consequence : null;

    private bool IsStopped(OutboundLane lane) => lane.Problem is not null && lane != LaneOf(OutboundKind.DeadLetter);

    /// <summary>Gets the bytes of one kind handed over and not acknowledged.</summary>
    public long WaitingBytesOf(OutboundKind kind) => _lanesByKind[(int)kind]?.WaitingBytes ?? 0;

    /// <summary>Lists the topics that are written, what the reading is for first.</summary>
    public static IEnumerable<string> TopicsOf(DetectorRoute route) => OutputsOf(route).Select(output => output.Topic);

    private static IEnumerable<(OutboundKind Kind, string Topic)> OutputsOf(DetectorRoute route)
    {
        yield return route.Repartitioning is { } copies ? (OutboundKind.Copy, copies.Topic) : (OutboundKind.Alert, route.AlertTopic);
        yield return (OutboundKind.DeadLetter, route.DeadLetterTopic);
        if (route.ScoresTopic is { } scores)
            yield return (OutboundKind.Score, scores);
    }

    /// <summary>Makes what is written from now on part of transactions, with the offsets of a consumer.</summary>
    public Transaction Join(nint consumer) => _transaction = new Transaction(ClientHandle.Of(_producer.Handle), consumer, 2 * _options.RequestTimeout);

    /// <summary>Takes a message; it is produced at once where possible.</summary>
    /// <exception cref="TransactionException">No transaction could be opened for it.</exception>
    public void Enqueue(OutboundMessage message)
    {
        FitKnownLimit(message);
        message.EnqueuedAt = _time.GetTimestamp();
        LaneOf(message.Kind).WaitingBytes += message.SizeBytes;
        if (IsTransactionFull)
            _forNext.Enqueue(message);
        else
            Add(message);
    }

    /// <summary>Keeps what is handed over from now on for the next transaction.</summary>
    public void FillTransaction() => IsTransactionFull = true;

    /// <summary>Begins the next transaction with what waited for it.</summary>
    /// <exception cref="TransactionException">No transaction could be opened for it.</exception>
    public void BeginNextTransaction()
    {
        IsTransactionFull = false;
        while (_forNext.TryDequeue(out var message))
            Add(message);
    }

    /// <summary>Takes in acknowledgements, and produces again what failed once its pause is over.</summary>
    /// <param name="wait">Time to wait for the first event.</param>
    public void Service(TimeSpan wait)
    {
        if (_unacknowledged.Count == 0)
            wait = TimeSpan.Zero;
        _producer.Poll(wait);
        if ((_transaction is not null || _isRemedied) && (_refused ?? ConsequenceAlone) is { } refused)
            throw new TransactionException($"what is not committed is given up: {refused}", _isFatal, _isRemedied);
        if (_isFatal && Array.TrueForAll(_lanes, lane => lane.IsPauseOver))
            ReplaceFatal();
        else if (_isOutgrown && _inFlight == 0)
            ReplaceProducer();
        ProduceWaiting();
        while (_unacknowledged.TryPeek(out var first) && first.IsAcknowledged)
            _unacknowledged.Dequeue();
    }

    /// <summary>Waits until everything handed over is acknowledged.</summary>
    /// <returns>False when the time was over before.</returns>
    public bool Flush(TimeSpan bound)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            Service(TimeSpan.FromMilliseconds(5));
            if (_unacknowledged.Count == 0)
                return true;
            if (_time.GetElapsedTime(started) >= bound)
                return false;
        }
    }

    /// <summary>Takes in acknowledgements of what is given up; produces nothing.</summary>
    public void Drain() => _producer.Poll(TimeSpan.Zero);

    public void Dispose() => EndProducer();

    private void Add(OutboundMessage message)
    {
        _transaction?.Begin();
        Enqueued++;
        _unacknowledged.Enqueue(message);
        LaneOf(message.Kind).Enqueue(message);
        ProduceWaiting();
    }

    private OutboundLane LaneOf(OutboundKind kind) => _lanesByKind[(int)kind]!;

    private void ProduceWaiting()
    {
        if (_isFatal || _isOutgrown || (_transaction is not null && (_refused ?? _consequence) is not null))
            return;
        foreach (var lane in _lanes)
        {
            if (!lane.MayProduce)
                continue;
            while (lane.TryPeek(out var message) && TryProduce(message))
                lane.Dequeue();
        }
    }

    private bool TryProduce(OutboundMessage message)
    {
        var number = _producerNumber;
        try
        {
            _producer.Produce(
                message.Topic,
                new Message<byte[]?, byte[]?> { Key = message.Key, Value = message.Value, Headers = message.Headers },
                report => Delivered(message, number, report.Error));
            message.Producer = number;
            _inFlight++;
            return true;
        }
        catch (ProduceException<byte[]?, byte[]?> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            // Full: the acknowledgements that make room come with the next Service.
            return false;
        }
        catch (ProduceException<byte[]?, byte[]?> exception) when (exception.Error.Code == ErrorCode.MsgSizeTooLarge && (TryGiveUpCopy(message) || TryShorten(message)))
        {
            return false;
        }
        catch (KafkaException exception)
        {
            if (!TryTakeAsConsequence(message, exception.Error))
                Fail(message.Kind, exception.Error);
            return false;
        }
    }

    private void Delivered(OutboundMessage message, int number, Error error)
    {
        // A report of a producer that was replaced: the message was produced again already.
        if (message.Producer != number)
            return;

        _inFlight--;
        var lane = LaneOf(message.Kind);
        if (!error.IsError)
        {
            message.IsAcknowledged = true;
            message.Span?.Stop();
            message.Span = null;
            lane.WaitingBytes -= message.SizeBytes;
            // It may wait for those before it; its content does not.
            message.Value = null;
            _metrics.Published(_route.Name, message, _time.GetElapsedTime(message.EnqueuedAt));
            _health.Answered();
            if (lane.Recover())
                Log.Recovered(_logger, _route.Name, message.Topic);
            return;
        }

        message.Producer = -1;
        lane.Enqueue(message);
        _metrics.PublishFailed(_route.Name, message.Kind);
        if (TryTakeAsConsequence(message, error))
            return;
        if (error.Code == ErrorCode.MsgSizeTooLarge && TryRemedy(message))
            return;
        Fail(message.Kind, error);
    }

    // Once one message of a transaction has failed the client gives up what it holds and takes no more: the cause, and what was done about it, is that one's.
    private bool TryTakeAsConsequence(OutboundMessage message, Error error)
    {
        if (_transaction is null || error.Code is not (ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight or ErrorCode.Local_State))
            return false;
        if (_consequence is null)
            (_consequence, _consequenceAt) = (KafkaAdvice.ForPublishing(message.Topic, error), _time.GetTimestamp());
        return true;
    }

    private void Fail(OutboundKind kind, Error error)
    {
        _isFatal |= error.IsFatal;
        var lane = LaneOf(kind);
        var problem = KafkaAdvice.ForPublishing(lane.Topic, error);
        // In a transaction nothing is tried again but the whole of it.
        (_refused, _isRemedied) = (problem, false);
        if (lane.Fail(problem) is { } pause)
            Log.Failed(_logger, _route.Name, problem, pause.TotalSeconds);
    }

    private static partial class Log
    {
        [LoggerMessage(3020, LogLevel.Error, "Detector {Detector}: {Problem}; nothing is committed meanwhile, next attempt in {DelaySeconds} s")]
        public static partial void Failed(ILogger logger, string detector, string problem, double delaySeconds);

        [LoggerMessage(3021, LogLevel.Information, "Detector {Detector}: topic {Topic} takes messages again")]
        public static partial void Recovered(ILogger logger, string detector, string topic);

        [LoggerMessage(3022, LogLevel.Warning, "Detector {Detector}: the producer failed fatally and is replaced; {Count} unacknowledged messages are produced again")]
        public static partial void Replaced(ILogger logger, string detector, int count);

        [LoggerMessage(3023, LogLevel.Warning, "Detector {Detector}: topic {Topic} refuses the {Kind} about {Record} as too large; it goes out shortened to {Bytes} bytes (and {Others} others since the last line). Raise max.message.bytes of the topic")]
        public static partial void Shortened(ILogger logger, string detector, string topic, string kind, string record, int bytes, long others);

        [LoggerMessage(3024, LogLevel.Warning, "Detector {Detector}: topic {Topic} refused a batch of messages as too large; batches have at most {Bytes} bytes from now on. Raise max.message.bytes of the topic")]
        public static partial void BatchRefused(ILogger logger, string detector, string topic, int bytes);
    }
}

using System.Diagnostics.CodeAnalysis;
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

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    private readonly KafkaOptions _options;
    private readonly DetectorRoute _route;
    private readonly IngestMetrics _metrics;
    private readonly BrokerHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Queue<OutboundMessage> _unacknowledged = new();
    private readonly Queue<OutboundMessage> _toProduce = new();
    private readonly List<nint> _topics = [];
    private IProducer<byte[]?, byte[]?> _producer;
    private int _producerNumber;
    private bool _isFatal;
    private long _retryAt;
    private TimeSpan _retryDelay = FirstRetry;

    public Outbox(KafkaOptions options, DetectorRoute route, IngestMetrics metrics, BrokerHealth health, TimeProvider time, ILogger logger)
    {
        (_options, _route, _metrics, _health, _time, _logger) = (options, route, metrics, health, time, logger);
        _producer = CreateProducer();
    }

    /// <summary>Gets the number of messages handed over since the start.</summary>
    public long Enqueued { get; private set; }

    /// <summary>Gets the number of messages, counted from the first, all of which are acknowledged.</summary>
    public long AcknowledgedThrough => Enqueued - _unacknowledged.Count;

    /// <summary>Gets what keeps messages from being delivered, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Gets whether the loop should stop reading until messages are acknowledged.</summary>
    public bool IsCongested => Problem is not null || _unacknowledged.Count >= Limit;

    /// <summary>Takes a message; it is produced at once where possible.</summary>
    public void Enqueue(OutboundMessage message)
    {
        message.EnqueuedAt = _time.GetTimestamp();
        Enqueued++;
        _unacknowledged.Enqueue(message);
        _toProduce.Enqueue(message);
        ProduceWaiting();
    }

    /// <summary>Takes in acknowledgements, and produces again what failed once its pause is over.</summary>
    /// <param name="wait">Time to wait for the first event.</param>
    public void Service(TimeSpan wait)
    {
        if (_unacknowledged.Count == 0)
            wait = TimeSpan.Zero;
        _producer.Poll(wait);
        if (_isFatal && _time.GetTimestamp() >= _retryAt)
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

    public void Dispose() => EndProducer();

    private void ProduceWaiting()
    {
        if (_isFatal || _toProduce.Count == 0 || (Problem is not null && _time.GetTimestamp() < _retryAt))
            return;

        while (_toProduce.TryPeek(out var message))
        {
            if (!TryProduce(message))
                return;
            _toProduce.Dequeue();
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
            return true;
        }
        catch (ProduceException<byte[]?, byte[]?> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            // Full: the acknowledgements that make room come with the next Service.
            return false;
        }
        catch (ProduceException<byte[]?, byte[]?> exception) when (exception.Error.Code == ErrorCode.MsgSizeTooLarge && TryShrink(message))
        {
            return false;
        }
        catch (KafkaException exception)
        {
            Fail(message.Topic, exception.Error);
            return false;
        }
    }

    private void Delivered(OutboundMessage message, int number, Error error)
    {
        // A report of a producer that was replaced: the message was produced again already.
        if (message.Producer != number)
            return;

        if (!error.IsError)
        {
            message.IsAcknowledged = true;
            _metrics.Published(_route.Name, message, _time.GetElapsedTime(message.EnqueuedAt));
            _health.Answered();
            if (Problem is not null)
                Log.Recovered(_logger, _route.Name, message.Topic);
            Problem = null;
            _retryDelay = FirstRetry;
            return;
        }

        message.Producer = -1;
        _toProduce.Enqueue(message);
        _metrics.PublishFailed(_route.Name, message.Kind);
        if (error.Code == ErrorCode.MsgSizeTooLarge && TryShrink(message))
            return;
        Fail(message.Topic, error);
    }

    private bool TryShrink(OutboundMessage message)
    {
        if (message.Kind != OutboundKind.DeadLetter || !DeadLetter.TryShrink(message))
            return false;
        Log.Shrunk(_logger, _route.Name, message.Topic, message.Value!.Length);
        return true;
    }

    private void Fail(string topic, Error error)
    {
        _isFatal |= error.IsFatal;
        var isNew = Problem is null;
        Problem = KafkaAdvice.ForPublishing(topic, error);
        if (isNew || _time.GetTimestamp() >= _retryAt)
        {
            Log.Failed(_logger, _route.Name, Problem, _retryDelay.TotalSeconds);
            _retryAt = _time.GetTimestamp() + (long)(_retryDelay.TotalSeconds * _time.TimestampFrequency);
            _retryDelay = TimeSpan.FromTicks(Math.Min(_retryDelay.Ticks * 2, LongestRetry.Ticks));
        }
    }

    private void ReplaceProducer()
    {
        Log.Replaced(_logger, _route.Name, _unacknowledged.Count);
        _isFatal = false;
        _producerNumber++;
        EndProducer();
        _producer = CreateProducer();
        if (_unacknowledged.Count == 0)
            Problem = null;
        // In the order of handing over: what waits and what the old producer took with it.
        _toProduce.Clear();
        foreach (var message in _unacknowledged)
        {
            if (message.IsAcknowledged)
                continue;
            message.Producer = -1;
            _toProduce.Enqueue(message);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "Owned by the field.")]
    private IProducer<byte[]?, byte[]?> CreateProducer()
    {
        var properties = KafkaProperties.ForProducer(_options);
        // The loop's own thread polls, so nothing here needs a lock.
        properties["dotnet.producer.enable.background.poll"] = "false";
        properties["dotnet.producer.delivery.report.fields"] = "status";
        var producer = KafkaClients.Build(() => new ProducerBuilder<byte[]?, byte[]?>(properties)
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal)
                    Fail(_route.AlertTopic, error);
                _health.Report(error);
            })
            .SetLogHandler((_, message) => KafkaClients.Forward(_logger, message))
            .Build());
        // Asks for the topics now and not with the first alert: a cluster that creates topics by itself creates them, and where it does not, TopicWatch finds out.
        foreach (var topic in new[] { _route.AlertTopic, _route.DeadLetterTopic })
            _topics.Add(Librdkafka.TopicNew(ClientHandle.Of(producer.Handle), topic, 0));
        return producer;
    }

    private void EndProducer()
    {
        _topics.ForEach(Librdkafka.TopicDestroy);
        _topics.Clear();
        KafkaClients.End(_producer, _logger);
    }

    private static partial class Log
    {
        [LoggerMessage(3020, LogLevel.Error, "Detector {Detector}: {Problem}; nothing is committed meanwhile, next attempt in {DelaySeconds} s")]
        public static partial void Failed(ILogger logger, string detector, string problem, double delaySeconds);

        [LoggerMessage(3021, LogLevel.Information, "Detector {Detector}: topic {Topic} takes messages again")]
        public static partial void Recovered(ILogger logger, string detector, string topic);

        [LoggerMessage(3022, LogLevel.Warning, "Detector {Detector}: the producer failed fatally and is replaced; {Count} unacknowledged messages are produced again")]
        public static partial void Replaced(ILogger logger, string detector, int count);

        [LoggerMessage(3023, LogLevel.Warning, "Detector {Detector}: topic {Topic} refused a dead letter as too large; its value is cut to {ValueBytes} bytes, see kafka.max_dead_letter_bytes")]
        public static partial void Shrunk(ILogger logger, string detector, string topic, int valueBytes);
    }
}

using System.Diagnostics;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Produces messages and counts their acknowledgements; waits while the client's queue is full. May be used by several threads.</summary>
public sealed class TopicProducer : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly Action<DeliveryReport<byte[]?, byte[]?>> _delivered;
    private long _produced;
    private long _acknowledged;
    private long _failed;
    private volatile string? _lastError;

    /// <summary>Creates a producer: idempotent, acknowledged by all replicas, keys placed as the Java client places them.</summary>
    /// <param name="options">Cluster.</param>
    /// <exception cref="ArgumentException">librdkafka refuses a property.</exception>
    public TopicProducer(KafkaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var properties = KafkaProperties.ForProducer(options);
        properties["dotnet.producer.delivery.report.fields"] = "status";
        _delivered = Delivered;
        _producer = KafkaClients.Build(() => new ProducerBuilder<byte[]?, byte[]?>(properties)
            .SetErrorHandler((_, error) => _lastError = ConnectionAdvice.For(error, options)?.Text ?? error.Reason)
            .SetLogHandler((_, line) => _lastError = ConnectionAdvice.ForLine(line) ?? _lastError)
            .Build());
    }

    /// <summary>Gets the number of messages handed over.</summary>
    public long Produced => Interlocked.Read(ref _produced);

    /// <summary>Gets the number of messages that are in their topics.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Gets the number of messages that were given up.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Gets the last error, or null.</summary>
    public string? LastError => _lastError;

    /// <summary>Hands a message over; waits while the queue is full.</summary>
    /// <param name="topic">Topic.</param>
    /// <param name="key">Key, or null.</param>
    /// <param name="value">Value, or null for a tombstone; not changed afterwards.</param>
    /// <param name="headers">Headers, or null.</param>
    /// <param name="timestamp">Time of the record; null for now.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="KafkaException">The message can never be sent, say because it is too large.</exception>
    public void Produce(
        string topic, byte[]? key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>>? headers = null, DateTimeOffset? timestamp = null, CancellationToken cancellationToken = default)
    {
        var message = new Message<byte[]?, byte[]?> { Key = key, Value = value };
        if (timestamp is { } time)
            message.Timestamp = new Timestamp(time);
        if (headers is not null)
        {
            message.Headers = [];
            foreach (var (name, content) in headers)
                message.Headers.Add(name, content);
        }

        while (true)
        {
            try
            {
                _producer.Produce(topic, message, _delivered);
                Interlocked.Increment(ref _produced);
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _producer.Flush(Slice);
            }
        }
    }

    /// <summary>Waits until every message is acknowledged or given up.</summary>
    /// <param name="bound">The longest wait.</param>
    /// <param name="cancellationToken">Once it is cancelled, the wait lasts 5 seconds more at most: what is on its way arrives, and a broker that is away is not waited for.</param>
    /// <returns>True when all are in their topics.</returns>
    public bool Flush(TimeSpan bound, CancellationToken cancellationToken = default)
    {
        var started = Stopwatch.GetTimestamp();
        while (_producer.Flush(Slice) > 0)
        {
            var waited = Stopwatch.GetElapsedTime(started);
            if (cancellationToken.IsCancellationRequested && waited + Grace < bound)
                bound = waited + Grace;
            if (waited >= bound)
                return false;
        }

        return Acknowledged == Produced;
    }

    /// <summary>Ends the producer; messages that were not flushed are lost.</summary>
    public void Dispose() => _producer.Dispose();

    private void Delivered(DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
        {
            _lastError = KafkaAdvice.ForPublishing(report.Topic, report.Error);
            Interlocked.Increment(ref _failed);
        }
        else
        {
            Interlocked.Increment(ref _acknowledged);
        }
    }
}

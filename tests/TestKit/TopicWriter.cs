using System.Text;
using Confluent.Kafka;

namespace AEAnomaly.TestKit;

/// <summary>Writes records to a topic; what is written is in the topic when <see cref="Flush"/> or <see cref="Dispose"/> returns.</summary>
public sealed class TopicWriter : IDisposable
{
    private static readonly TimeSpan FlushBound = TimeSpan.FromSeconds(90);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly string _topic;
    private Error? _error;

    public TopicWriter(TestBroker broker, string topic)
    {
        _topic = topic;
        _producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig(broker.Client)
        {
            Acks = Acks.All,
            LingerMs = 5,
            // As much as a topic may be set to take; the client's own limit of 1 MB would refuse larger ones before any broker does.
            MessageMaxBytes = 16_000_000,
        }).Build();
    }

    /// <summary>Writes one record of text.</summary>
    public void Write(string? key, string? value, params (string Name, string Value)[] headers) =>
        Write(
            key is null ? null : Encoding.UTF8.GetBytes(key),
            value is null ? null : Encoding.UTF8.GetBytes(value),
            headers: [.. headers.Select(header => KeyValuePair.Create(header.Name, Encoding.UTF8.GetBytes(header.Value)))]);

    /// <summary>Writes one record of bytes.</summary>
    /// <param name="key">The key, or null.</param>
    /// <param name="value">The value, or null for a tombstone.</param>
    /// <param name="partition">The partition, or null for the one the key gives.</param>
    /// <param name="timestamp">The record's time, or null for the client's clock.</param>
    /// <param name="headers">The headers, in order.</param>
    public void Write(
        byte[]? key,
        byte[]? value,
        int? partition = null,
        DateTimeOffset? timestamp = null,
        IReadOnlyList<KeyValuePair<string, byte[]>>? headers = null)
    {
        var message = new Message<byte[]?, byte[]?> { Key = key, Value = value };
        if (timestamp is { } time)
        {
            message.Timestamp = new Timestamp(time);
        }

        if (headers is { Count: > 0 })
        {
            message.Headers = [.. headers.Select(header => new Header(header.Key, header.Value))];
        }

        var target = new TopicPartition(_topic, partition is { } number ? new Partition(number) : Partition.Any);
        while (true)
        {
            try
            {
                _producer.Produce(target, message, Delivered);
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer.Poll(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>Waits until everything written is in the topic.</summary>
    /// <exception cref="InvalidOperationException">A record was refused, or some were not delivered in time.</exception>
    public void Flush()
    {
        var left = _producer.Flush(FlushBound);
        if (_error is not null)
        {
            throw new InvalidOperationException($"topic {_topic}: a record was not delivered: {_error.Reason}");
        }

        if (left > 0)
        {
            throw new InvalidOperationException($"topic {_topic}: {left} records were not delivered within {FlushBound.TotalSeconds} s");
        }
    }

    public void Dispose()
    {
        try
        {
            Flush();
        }
        finally
        {
            _producer.Dispose();
        }
    }

    private void Delivered(DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
        {
            _error = report.Error;
        }
    }
}

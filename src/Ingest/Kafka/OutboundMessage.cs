using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Holds a message from the moment it is decided until the broker acknowledged it.</summary>
internal sealed class OutboundMessage(string topic, byte[]? key, byte[]? value, Headers? headers, OutboundKind kind, string? reason)
{
    // Objects, headers' objects, the entry of a queue.
    private const int Overhead = 500;

    private readonly int _headerBytes = headers?.Sum(header => header.Key.Length + (header.GetValueBytes()?.Length ?? 0)) ?? 0;

    public string Topic { get; } = topic;

    public byte[]? Key { get; } = key;

    public byte[]? Value { get; set; } = value;

    public Headers? Headers { get; } = headers;

    public OutboundKind Kind { get; } = kind;

    /// <summary>Why a dead letter is one; null for others.</summary>
    public string? Reason { get; } = reason;

    /// <summary>Gets the bytes that it takes until it is acknowledged: what is held here, and the client's copy of it.</summary>
    public int SizeBytes => 2 * (Overhead + (Key?.Length ?? 0) + (Value?.Length ?? 0) + _headerBytes);

    /// <summary>Timestamp of the clock when it was handed over.</summary>
    public long EnqueuedAt { get; set; }

    /// <summary>Number of the producer that has it, -1 while it waits to be produced.</summary>
    public int Producer { get; set; } = -1;

    public bool IsAcknowledged { get; set; }
}

using System.Diagnostics;
using System.Globalization;
using AEAnomaly.Detection.Records;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Holds a message from the moment it is decided until the broker acknowledged it.</summary>
internal sealed class OutboundMessage(string topic, byte[]? key, byte[]? value, Headers? headers, OutboundKind kind, string? reason)
{
    // Objects, headers' objects, the entry of a queue.
    private const int Overhead = 500;

    private int _headerBytes = BytesOf(headers);

    public string Topic { get; } = topic;

    public byte[]? Key { get; private set; } = key;

    public byte[]? Value { get; set; } = value;

    public Headers? Headers { get; private set; } = headers;

    public OutboundKind Kind { get; } = kind;

    /// <summary>Why a dead letter is one; null for others.</summary>
    public string? Reason { get; } = reason;

    /// <summary>Gets the bytes that it takes until it is acknowledged: what is held here, and the client's copy of it.</summary>
    public int SizeBytes => 2 * (Overhead + WireBytes);

    /// <summary>Gets the bytes that a broker has to take, but for what its format adds.</summary>
    public int WireBytes => (Key?.Length ?? 0) + (Value?.Length ?? 0) + _headerBytes;

    /// <summary>Gets whether it was shortened because its topic refuses it whole.</summary>
    public bool IsShortened { get; private set; }

    /// <summary>Gets or sets the record that it is about; null where it is about none.</summary>
    public RecordOrigin? Origin { get; set; }

    /// <summary>Timestamp of the clock when it was handed over.</summary>
    public long EnqueuedAt { get; set; }

    /// <summary>Number of the producer that has it, -1 while it waits to be produced.</summary>
    public int Producer { get; set; } = -1;

    public bool IsAcknowledged { get; set; }

    /// <summary>Gets or sets the span that ends with the acknowledgement; null where nothing is traced.</summary>
    public Activity? Span { get; set; }

    /// <summary>Gets the place of the record that it is about, in words.</summary>
    public string About => Origin is { } origin ? string.Create(CultureInfo.InvariantCulture, $"{origin.Place.Topic}/{origin.Place.Partition} offset {origin.Place.Offset}") : "no single record";

    /// <summary>Replaces its content by a shorter one.</summary>
    public void Shorten(byte[]? key, byte[]? value, Headers headers)
    {
        (Key, Value, Headers, IsShortened) = (key, value, headers, true);
        _headerBytes = BytesOf(headers);
    }

    private static int BytesOf(Headers? headers) => headers?.Sum(header => header.Key.Length + (header.GetValueBytes()?.Length ?? 0)) ?? 0;
}

using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Turns a message that cannot be scored into one for the dead-letter topic: original key, value and headers, and headers that say where and why.</summary>
internal static unsafe class DeadLetter
{
    /// <summary>Room that a dead letter takes beside its value; the least that <see cref="KafkaOptions.MaxDeadLetterBytes"/> may be.</summary>
    public const int MinimumBytes = 16_384;

    /// <summary>With what the names of the headers begin that say where and why.</summary>
    public const string Prefix = "aeanomaly.";

    private const int MaxKeyBytes = 4_096;
    private const int MaxHeaderBytes = 4_096;
    private const int MaxErrorBytes = 2_048;

    /// <summary>Copies a message.</summary>
    /// <param name="message">Message as librdkafka holds it.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="stage">What refused it: "ingest" or "decode".</param>
    /// <param name="error">Why.</param>
    /// <param name="route">Detector and topics.</param>
    /// <param name="maxBytes">Largest dead letter; the value is cut to fit, and what was cut is told in headers.</param>
    public static OutboundMessage Create(NativeMessage* message, in RecordOrigin origin, string stage, in DecodeError error, DetectorRoute route, int maxBytes)
    {
        var headers = new Headers();
        var value = message->Payload == null ? null : new ReadOnlySpan<byte>(message->Payload, (int)message->PayloadSize).ToArray();
        var key = MessageHeaders.KeyOf(message, origin);
        var left = maxBytes - MinimumBytes;
        var dropped = MessageHeaders.Copy(message, headers, Math.Min(left, Math.Max(MaxHeaderBytes, left / 4)), out var headerBytes);
        if (key is not null && key.Length > Math.Max(MaxKeyBytes, left / 4))
        {
            MessageShortener.AddCut(headers, "key", key);
            key = key[..MaxKeyBytes];
        }

        left -= headerBytes + (key?.Length ?? 0);
        var place = origin.Place;
        Add(headers, "topic", place.Topic);
        Add(headers, "partition", Text(place.Partition));
        Add(headers, "offset", Text(place.Offset));
        Add(headers, "timestamp", Text(origin.TimestampMs));
        Add(headers, "stage", stage);
        Add(headers, "reason", error.Reason);
        if (error.Field is not null)
            Add(headers, "field", error.Field);
        Add(headers, "error", Shortened(error.Message));
        Add(headers, "detector", route.Repartitioning?.Detector ?? route.Name);
        NoteDropped(headers, dropped);

        // Never below what an ordinary message has, so that a tight limit still shows the beginning.
        var room = Math.Max(left, MinimumBytes / 4);
        if (value is not null && value.Length > room)
        {
            MessageShortener.AddCut(headers, "value", value);
            value = value[..room];
        }

        return new OutboundMessage(route.DeadLetterTopic, key, value, headers, OutboundKind.DeadLetter, error.Reason) { Origin = origin };
    }

    /// <summary>Notes how many headers of the record a dead letter lacks, more than it may say already.</summary>
    public static void NoteDropped(Headers headers, int count)
    {
        if (count == 0)
            return;
        if (headers.TryGetLastBytes(Prefix + "headers_dropped", out var before))
        {
            count += int.Parse(before, CultureInfo.InvariantCulture);
            headers.Remove(Prefix + "headers_dropped");
        }

        Add(headers, "headers_dropped", Text(count));
    }

    /// <summary>Adds a header of ours.</summary>
    public static void Add(Headers headers, string name, string value) => headers.Add(Prefix + name, Encoding.UTF8.GetBytes(value));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Shortened(string text) => text.Length <= MaxErrorBytes / 2 ? text : string.Concat(text.AsSpan(0, MaxErrorBytes / 2), "...");
}

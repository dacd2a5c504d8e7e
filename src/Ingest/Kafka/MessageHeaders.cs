using System.Runtime.InteropServices;
using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Takes key and headers out of messages as librdkafka holds them.</summary>
internal static unsafe class MessageHeaders
{
    private const string OfCopies = DeadLetter.Prefix + CopyHeaders.Prefix;

    /// <summary>Tells whether a header says which record a message is a copy of.</summary>
    public static bool IsOfCopies(ReadOnlySpan<byte> name) => name.Length >= OfCopies.Length && Ascii.Equals(name[..OfCopies.Length], OfCopies);

    /// <summary>Gives the key of a message, or null.</summary>
    public static byte[]? KeyOf(NativeMessage* message) => message->Key == null ? null : new ReadOnlySpan<byte>(message->Key, (int)message->KeySize).ToArray();

    /// <summary>Gives the key of a record, of a copy that of the original; null where it has none.</summary>
    public static byte[]? KeyOf(NativeMessage* message, in RecordOrigin origin)
    {
        if (origin.Original is null)
            return KeyOf(message);
        nint headers;
        if (Librdkafka.MessageHeaders(message, &headers) != 0)
            return null;
        byte[]? key = null;
        byte* name;
        byte* value;
        nuint size;
        for (nuint i = 0; Librdkafka.HeaderGetAll(headers, i, &name, &value, &size) == 0; i++)
        {
            if (value != null && Ascii.Equals(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name), DeadLetter.Prefix + CopyHeaders.Key))
                key = new ReadOnlySpan<byte>(value, (int)size).ToArray();
        }

        return key;
    }

    /// <summary>Copies the headers of a message, as far as they have room; not those that say which record it is a copy of.</summary>
    /// <param name="message">Message.</param>
    /// <param name="target">Receives them.</param>
    /// <param name="limit">Bytes of the names and values together.</param>
    /// <param name="bytes">Bytes that were copied.</param>
    /// <returns>How many had no room.</returns>
    public static int Copy(NativeMessage* message, Headers target, int limit, out int bytes)
    {
        bytes = 0;
        nint headers;
        if (Librdkafka.MessageHeaders(message, &headers) != 0)
            return 0;

        var dropped = 0;
        byte* name;
        byte* value;
        nuint size;
        for (nuint i = 0; Librdkafka.HeaderGetAll(headers, i, &name, &value, &size) == 0; i++)
        {
            var text = Marshal.PtrToStringUTF8((nint)name) ?? "";
            if (text.StartsWith(OfCopies, StringComparison.Ordinal))
                continue;
            var length = text.Length + (int)size;
            if (bytes + length > limit)
            {
                dropped++;
                continue;
            }

            bytes += length;
            target.Add(text, value == null ? null : new ReadOnlySpan<byte>(value, (int)size).ToArray());
        }

        return dropped;
    }
}

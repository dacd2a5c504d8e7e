using System.Runtime.InteropServices;

namespace AEAnomaly.Ingest.Native;

/// <summary>Mirrors <c>rd_kafka_message_t</c> of librdkafka 1.0 and later; the memory belongs to librdkafka until the message is destroyed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMessage
{
    /// <summary>0, or the error code this "message" reports.</summary>
    public int Error;

    /// <summary>Topic handle; the same for all messages of a topic while the consumer lives.</summary>
    public nint Topic;

    /// <summary>Partition.</summary>
    public int Partition;

    /// <summary>Value; null for a tombstone. The error's text when <see cref="Error"/> is not 0.</summary>
    public byte* Payload;

    /// <summary>Bytes of the value.</summary>
    public nuint PayloadSize;

    /// <summary>Key; null when there is none.</summary>
    public byte* Key;

    /// <summary>Bytes of the key.</summary>
    public nuint KeySize;

    /// <summary>Offset.</summary>
    public long Offset;

    /// <summary>Not used by a consumer.</summary>
    public nint Private;
}

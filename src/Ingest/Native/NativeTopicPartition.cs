using System.Runtime.InteropServices;

namespace AEAnomaly.Ingest.Native;

/// <summary>Mirrors <c>rd_kafka_topic_partition_t</c> of librdkafka 1.0 and later; an element of a list that owns it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeTopicPartition
{
    /// <summary>Name of the topic.</summary>
    public byte* Topic;

    /// <summary>Partition.</summary>
    public int Partition;

    /// <summary>Offset; negative where there is none.</summary>
    public long Offset;

    /// <summary>What was committed beside the offset; the list frees it.</summary>
    public byte* Metadata;

    /// <summary>Bytes of <see cref="Metadata"/>.</summary>
    public nuint MetadataSize;

    /// <summary>Not used here.</summary>
    public nint Opaque;

    /// <summary>0, or the error code of this partition.</summary>
    public int Error;

    /// <summary>librdkafka's own.</summary>
    public nint Private;
}

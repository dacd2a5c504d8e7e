using System.Runtime.InteropServices;

namespace AEAnomaly.Ingest.Native;

/// <summary>Mirrors <c>rd_kafka_topic_partition_list_t</c> of librdkafka 1.0 and later.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeTopicPartitionList
{
    /// <summary>Elements there are.</summary>
    public int Count;

    /// <summary>Elements there is room for.</summary>
    public int Capacity;

    /// <summary>The elements.</summary>
    public NativeTopicPartition* Elements;
}

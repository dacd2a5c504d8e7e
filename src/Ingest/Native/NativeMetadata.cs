using System.Runtime.InteropServices;

namespace AEAnomaly.Ingest.Native;

/// <summary>Mirrors the beginning of <c>rd_kafka_metadata_t</c> of librdkafka 1.0 and later.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMetadata
{
    /// <summary>Number of brokers.</summary>
    public int BrokerCount;

    /// <summary>The brokers, each of which begins with its id.</summary>
    public int* Brokers;

    /// <summary>Not used here.</summary>
    public int TopicCount;

    /// <summary>Not used here.</summary>
    public nint Topics;

    /// <summary>Id of the broker that answered, negative while the client does not know it.</summary>
    public int Origin;
}

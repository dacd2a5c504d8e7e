using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Native;

/// <summary>Takes librdkafka's own handle out of a Confluent.Kafka client, which has no public way to it.</summary>
internal static class ClientHandle
{
    /// <summary>Gets the <c>rd_kafka_t</c> of a client; valid while the client is not disposed.</summary>
    /// <exception cref="NotSupportedException">This version of Confluent.Kafka keeps its handle elsewhere.</exception>
    public static nint Of(Handle handle)
    {
        try
        {
            return ((SafeHandle)LibrdkafkaHandle(handle)).DangerousGetHandle();
        }
        catch (Exception exception) when (exception is MissingMethodException or TypeLoadException or InvalidCastException)
        {
            throw new NotSupportedException(
                $"Confluent.Kafka {typeof(Handle).Assembly.GetName().Version} does not keep its native handle where version 2.16 does; use 2.16.", exception);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LibrdkafkaHandle")]
    [return: UnsafeAccessorType("Confluent.Kafka.Impl.SafeKafkaHandle, Confluent.Kafka")]
    private static extern object LibrdkafkaHandle(Handle handle);
}

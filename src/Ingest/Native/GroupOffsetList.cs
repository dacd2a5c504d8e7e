using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Native;

/// <summary>Holds offsets of a group in the form that librdkafka sends and receives, with what they carry beside the number.</summary>
/// <remarks>Confluent.Kafka leaves the metadata of a commit out. The topic's id lies there, since an offset means nothing without the log that it counts in.</remarks>
internal sealed unsafe class GroupOffsetList : IDisposable
{
    private const string Prefix = "topic_id=";
    private const int IdLength = 22;

    private readonly NativeTopicPartitionList* _list;
    private readonly byte* _metadata;

    private GroupOffsetList(int capacity)
    {
        _list = Librdkafka.PartitionListNew(capacity);
        _metadata = (byte*)NativeMemory.Alloc((nuint)capacity, (nuint)(Prefix.Length + IdLength));
    }

    /// <summary>Gets librdkafka's list; valid until <see cref="Dispose"/>.</summary>
    public NativeTopicPartitionList* Handle => _list;

    /// <summary>Makes the list of a commit.</summary>
    public static GroupOffsetList Of(IReadOnlyList<GroupOffset> offsets)
    {
        var list = new GroupOffsetList(offsets.Count);
        foreach (var offset in offsets)
            list.Add(offset);
        return list;
    }

    /// <summary>Asks what a consumer's group has committed.</summary>
    /// <exception cref="KafkaException">The coordinator did not answer in time, or refused.</exception>
    public static List<GroupOffset> Ask(nint consumer, IReadOnlyList<TopicPartition> partitions, TimeSpan bound)
    {
        using var list = Of([.. partitions.Select(partition => new GroupOffset(partition.Topic, partition.Partition.Value, Offset.Unset.Value, -1, null))]);
        Refuse(Librdkafka.Committed(consumer, list.Handle, (int)bound.TotalMilliseconds));
        var found = new List<GroupOffset>(partitions.Count);
        for (var i = 0; i < list.Handle->Count; i++)
        {
            var element = list.Handle->Elements + i;
            Refuse(element->Error);
            found.Add(new GroupOffset(
                Marshal.PtrToStringUTF8((nint)element->Topic) ?? "", element->Partition, element->Offset, Librdkafka.PartitionLeaderEpoch(element), TopicIdOf(element)));
        }

        return found;
    }

    /// <summary>Sends a consumer to an offset of a partition it reads; where the epoch is known the broker is asked first whether the log still reaches that far.</summary>
    /// <returns>Why it does not go there, or <see cref="ErrorCode.NoError"/>.</returns>
    /// <remarks>librdkafka asks when it is sent somewhere, not when a partition is assigned with an offset and an epoch (2.16, rd_kafka_toppar_fetch_start).</remarks>
    public static ErrorCode Seek(nint consumer, in GroupOffset offset, TimeSpan bound)
    {
        using var list = Of([offset]);
        var error = Librdkafka.SeekPartitions(consumer, list.Handle, (int)bound.TotalMilliseconds);
        if (error == 0)
            return (ErrorCode)list.Handle->Elements->Error;
        var code = (ErrorCode)Librdkafka.ErrorCodeOf(error);
        Librdkafka.ErrorDestroy(error);
        return code;
    }

    public void Dispose()
    {
        // Where the list came with an answer, librdkafka allocated the metadata and frees it; what was lent to it is not its own.
        for (var i = 0; i < _list->Count; i++)
        {
            var element = _list->Elements + i;
            if (element->Metadata >= _metadata && element->Metadata < _metadata + (_list->Capacity * (Prefix.Length + IdLength)))
            {
                element->Metadata = null;
                element->MetadataSize = 0;
            }
        }

        Librdkafka.PartitionListDestroy(_list);
        NativeMemory.Free(_metadata);
    }

    private void Add(in GroupOffset offset)
    {
        var element = Librdkafka.PartitionListAdd(_list, offset.Topic, offset.Partition);
        element->Offset = offset.Offset;
        if (offset.LeaderEpoch >= 0)
            Librdkafka.PartitionSetLeaderEpoch(element, offset.LeaderEpoch);
        if (offset.TopicId is not { Length: IdLength } id)
            return;
        element->Metadata = _metadata + ((_list->Count - 1) * (Prefix.Length + IdLength));
        element->MetadataSize = (nuint)Encoding.ASCII.GetBytes(Prefix + id, new Span<byte>(element->Metadata, Prefix.Length + IdLength));
    }

    private static string? TopicIdOf(NativeTopicPartition* element)
    {
        var text = Encoding.UTF8.GetString(new ReadOnlySpan<byte>(element->Metadata, (int)element->MetadataSize));
        return text.Length == Prefix.Length + IdLength && text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : null;
    }

    private static void Refuse(int code)
    {
        if (code != 0)
            throw new KafkaException((ErrorCode)code);
    }
}

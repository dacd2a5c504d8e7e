using System.Globalization;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Writes records on as they came, under the field whose history is kept, so that all records of a key lie in one partition.</summary>
/// <param name="topic">Topic that they go to.</param>
/// <param name="key">Index of the field that becomes the key.</param>
internal sealed unsafe class CopyMessage(string topic, int key)
{
    /// <summary>Copies a message: its value, its headers, and headers that say where it lies. A record without a key goes to any partition.</summary>
    /// <param name="message">Message as librdkafka holds it.</param>
    /// <param name="batch">Batch that holds its record.</param>
    /// <param name="row">Row of the record.</param>
    public OutboundMessage Create(NativeMessage* message, RecordBatch batch, int row)
    {
        var origin = batch.Origins[row];
        var headers = new Headers();
        MessageHeaders.Copy(message, headers, int.MaxValue, out _);
        DeadLetter.Add(headers, CopyHeaders.Topic, origin.Topic);
        if (origin.TopicId is { } id)
            DeadLetter.Add(headers, CopyHeaders.TopicId, id);
        Add(headers, CopyHeaders.Partition, origin.Partition);
        Add(headers, CopyHeaders.Offset, origin.Offset);
        Add(headers, CopyHeaders.Timestamp, origin.TimestampMs);
        Add(headers, CopyHeaders.LeaderEpoch, Librdkafka.MessageLeaderEpoch(message));
        if (MessageHeaders.KeyOf(message) is { } own)
            headers.Add(DeadLetter.Prefix + CopyHeaders.Key, own);
        return new OutboundMessage(
            topic,
            batch.IsMissing(key, row) ? null : batch.Text(key, row).ToArray(),
            new ReadOnlySpan<byte>(message->Payload, (int)message->PayloadSize).ToArray(),
            headers,
            OutboundKind.Copy,
            null)
        {
            Origin = origin,
        };
    }

    private static void Add(Headers headers, string name, long value) => DeadLetter.Add(headers, name, value.ToString(CultureInfo.InvariantCulture));
}

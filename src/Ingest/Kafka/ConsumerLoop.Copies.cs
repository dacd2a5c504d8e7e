using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Native;

namespace AEAnomaly.Ingest.Kafka;

// Records whose keys come in several partitions: one loop writes each on under its key, another one, which reads the copies, takes them for the records that they are of.
internal sealed unsafe partial class ConsumerLoop
{
    // Copied again is what was not committed; so many copies before the first new one tell which came before.
    private const int CopiesInDoubt = 2_000;

    private readonly CopyMessage? _copyMessage;
    private readonly CopiedOrigin? _copiedOrigin;

    private void PublishCopies()
    {
        if (_copyMessage is null)
            return;
        for (var row = 0; row < _batch.Count; row++)
        {
            var message = (NativeMessage*)_held[row];
            var copy = _copyMessage.Create(message, _batch, row);
            if (_outbox.IsRefused(copy))
            {
                Refuse(message, _batch.Origins[row], "repartition", new DecodeError(
                    "too_large", null, $"Topic '{copy.Topic}' takes no copy of {copy.WireBytes} bytes; raise max.message.bytes of the topic and message.max.bytes in kafka.properties."));
            }
            else
            {
                _outbox.Enqueue(copy);
            }
        }
    }

    /// <summary>Finds where a message came from, of a copy its record.</summary>
    /// <returns>Whether it is a copy of a record that came before.</returns>
    private bool IsRepeated(NativeMessage* message, PartitionPosition position, out RecordOrigin origin)
    {
        int timestampType;
        origin = new RecordOrigin(position.Topic, message->Partition, message->Offset, Librdkafka.MessageTimestamp(message, &timestampType), position.TopicId);
        if (_copiedOrigin is null)
            return false;
        origin = _copiedOrigin.Of(message, origin, out var leaderEpoch);
        return origin.Original is { } original && position.Copies.IsRepeated(original, leaderEpoch);
    }
}

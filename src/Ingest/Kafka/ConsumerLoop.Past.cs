using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

// Where reading begins. A processor that has to know what came before is handed the records before the first new one of a partition. They come through the same
// consumer, so that they end just where the new ones begin, whatever else is read meanwhile; no other partition waits for them.
internal sealed unsafe partial class ConsumerLoop
{
    /// <summary>
    /// Turns "from the end" into offsets at the moment of assignment, and lets the next commit carry them: otherwise "the end" would be looked up when
    /// reading begins, and records that came while the partition waited for a model, or before a restart, would be skipped. Sets back where the processor has
    /// to know what came before; what is read again was settled before, so that no commit carries it.
    /// </summary>
    private void ChooseStarts(IConsumer<Ignore, Ignore> consumer, List<TopicPartition> partitions, List<TopicPartitionOffset> starts)
    {
        var past = _processor.PastRecords;
        var setBack = 0;
        try
        {
            foreach (var committed in consumer.Committed(partitions, _options.RequestTimeout))
            {
                var partition = committed.TopicPartition;
                var isNew = committed.Offset == Offset.Unset;
                if (isNew ? _start != AutoOffsetReset.Latest : past == 0)
                    continue;

                var held = consumer.QueryWatermarkOffsets(partition, _options.RequestTimeout);
                var first = isNew ? held.High.Value : committed.Offset.Value;
                var from = past == 0 || first > held.High.Value ? first : Math.Max(held.Low.Value, first - past);
                if (!isNew && from >= first)
                    continue;

                var position = _partitions.Find(partition.Topic, partition.Partition.Value)!;
                (position.Read, position.Processed) = (first, first);
                if (!isNew)
                    position.Committed = first;
                if (from < first)
                {
                    position.FirstNew = first;
                    setBack++;
                }

                starts[partitions.IndexOf(partition)] = new TopicPartitionOffset(partition, Math.Min(from, first));
            }
        }
        catch (KafkaException exception)
        {
            Log.StartsNotChosen(_logger, _route.Name, exception.Error.Reason);
        }

        if (setBack > 0)
            Log.SetBack(_logger, _route.Name, setBack, past);
    }

    private void TakePast(NativeMessage* message, PartitionPosition position)
    {
        _pastMessages++;
        int timestampType;
        var origin = new RecordOrigin(position.Topic, message->Partition, message->Offset, Librdkafka.MessageTimestamp(message, &timestampType));
        _past ??= new RecordBatch(_processor.Spec, _options.BatchRecords);
        // What is wrong with a bad one was said, and dead-lettered, when it came first.
        if (message->Payload == null || message->PayloadSize > (nuint)_options.MaxRecordBytes || !TryDecode(message, origin, _past, out _))
            _metrics.Recalled(_route.Name, 1, isUsed: false);
    }

    /// <returns>False while no model is loaded that could take what was read again.</returns>
    private bool TryRecall()
    {
        if (_past is not { Count: > 0 } past)
            return true;
        if (!_processor.IsReady)
            return false;
        _processor.Recall(past);
        _metrics.Recalled(_route.Name, past.Count, isUsed: true);
        past.Clear();
        return true;
    }
}

using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Native;

namespace AEAnomaly.Ingest.Kafka;

// A processor that has to know what came before is handed the records before the first new one of a partition. They come through the same consumer, so that they
// end just where the new ones begin, whatever else is read meanwhile; no other partition waits for them.
internal sealed unsafe partial class ConsumerLoop
{
    private void TakePast(NativeMessage* message, PartitionPosition position)
    {
        var isRepeated = IsRepeated(message, position, out var origin);
        _past ??= new RecordBatch(_processor.Spec, _options.BatchRecords);
        // What is wrong with a bad one was said, and dead-lettered, when it came first.
        if (isRepeated || message->Payload == null || origin.TimestampMs > RecordOrigin.LatestTimestampMs || message->PayloadSize > (nuint)_options.MaxRecordBytes || !TryDecode(message, origin, _past, out _))
            _metrics.Recalled(_route.Name, 1, IngestMetrics.Skipped);
    }

    // A record of a later epoch than the last one processed was written after it: the log was cut below what was processed, and has grown again.
    private bool IsRewritten(PartitionPosition position, long offset, int epoch)
    {
        if (position.LeaderEpoch < 0 || epoch <= position.LeaderEpoch)
            return false;
        NoteCut(position, position.FirstNew, offset);
        position.StartNewAt(offset);
        return true;
    }

    // What a file of keys stands for and what the log still holds no longer meet: keys go on as they were, and fade, without the records between.
    private void NotePastDeleted(PartitionPosition position, long from, long deleted)
    {
        if (deleted <= 0)
            return;
        _metrics.Recalled(_route.Name, deleted, IngestMetrics.Deleted);
        Notice($"topic '{position.Topic}' partition {position.Partition}: {deleted} records from offset {from} on, judged before, were deleted before they were read again; what is remembered of their keys lacks them. "
            + "Raise retention.ms or retention.bytes of the topic above the time that the detector may stand still");
    }

    /// <returns>False while no model is loaded that could take what was read again.</returns>
    private bool TryRecall()
    {
        if (_past is not { Count: > 0 } past)
            return true;
        if (!_processor.IsReady)
            return false;
        _processor.Recall(past);
        _metrics.Recalled(_route.Name, past.Count, IngestMetrics.Used);
        past.Clear();
        return true;
    }
}

using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Training;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Reads the records that a training learns from, with the features of their history where a detector has one.</summary>
internal sealed class WindowReader(DetectorContext context, IRecordHistory history)
{
    /// <summary>Estimates how many records a window holds.</summary>
    public Task<long> CountAsync(HistoryWindow window, CancellationToken cancellationToken) => history.CountAsync(window, cancellationToken);

    /// <summary>Reads a window.</summary>
    /// <param name="window">Window wanted.</param>
    /// <param name="capacity">Records to make room for.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What to learn from, and what was read for it.</returns>
    public async Task<(RecordBatch Window, IReadOnlyList<HistoryRange> Ranges)> ReadAsync(HistoryWindow window, int capacity, CancellationToken cancellationToken)
    {
        if (context.Spec.History is null)
        {
            var all = new RecordBatch(context.Spec, capacity);
            var read = await history.ReadAsync(window, all, null, cancellationToken).ConfigureAwait(false);
            TrainingMemory.GiveBackNative();
            return (all, read);
        }

        // The sample takes them over chunk by chunk.
        var records = new RecordBatch(context.Spec, Math.Min(capacity, HistorySample.ChunkRecords));
        var sample = new HistorySample(context.Spec, context.Options.Training.MaxRecords, context.MinRecords, capacity);
        var ranges = await history.ReadAsync(window, records, sample.Arrived, cancellationToken).ConfigureAwait(false);
        TrainingMemory.GiveBackNative();
        return (sample.Finish(records), ranges);
    }
}

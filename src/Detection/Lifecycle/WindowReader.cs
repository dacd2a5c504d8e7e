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
        var read = context.Spec.History is null
            ? await ReadAllAsync(window, capacity, cancellationToken).ConfigureAwait(false)
            : await ReadSampleAsync(window, capacity, cancellationToken).ConfigureAwait(false);
        TrainingMemory.GiveBackNative();
        return read;
    }

    private async Task<(RecordBatch Window, IReadOnlyList<HistoryRange> Ranges)> ReadAllAsync(HistoryWindow window, int capacity, CancellationToken cancellationToken)
    {
        var records = new RecordBatch(context.Spec, capacity);
        return (records, await history.ReadAsync(window, records, null, cancellationToken).ConfigureAwait(false));
    }

    // The sample takes them over chunk by chunk.
    private async Task<(RecordBatch Window, IReadOnlyList<HistoryRange> Ranges)> ReadSampleAsync(HistoryWindow window, int capacity, CancellationToken cancellationToken)
    {
        var records = new RecordBatch(context.Spec, Math.Min(capacity, HistorySample.ChunkRecords));
        var sample = new HistorySample(context.Spec, context.Options.Training.MaxRecords, context.MinRecords, capacity);
        var ranges = await history.ReadAsync(window, records, sample.Arrived, cancellationToken).ConfigureAwait(false);
        return (sample.Finish(records), ranges);
    }
}

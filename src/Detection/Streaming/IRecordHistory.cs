using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Streaming;

/// <summary>Reads past records of a detector's topics, beside the live stream and without touching its offsets.</summary>
public interface IRecordHistory
{
    /// <summary>Estimates how many records the window holds now, without reading them.</summary>
    /// <param name="window">Window wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<long> CountAsync(HistoryWindow window, CancellationToken cancellationToken);

    /// <summary>Reads and decodes the window; bad records are skipped here (the live stream dead-letters them).</summary>
    /// <param name="window">Window wanted.</param>
    /// <param name="target">Receives the records, oldest first within a partition.</param>
    /// <param name="arrived">Called after each record that was added to the target, which it may empty; null to read them all into it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What was read.</returns>
    Task<IReadOnlyList<HistoryRange>> ReadAsync(HistoryWindow window, RecordBatch target, Action<RecordBatch>? arrived, CancellationToken cancellationToken);
}

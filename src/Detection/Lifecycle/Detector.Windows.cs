using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>What a detector remembers of the records before: the windows of variants that read several records at a time.</summary>
public sealed partial class Detector
{
    // Without a key a partition is one sequence, and its windows are filled soon; the rest is room for what holds no record: tombstones and bad ones.
    private const int PastWindowsOfAPartition = 16;

    // Of the one thread that scores; they outlive the versions.
    private readonly KeyWindows _windows;

    // A batch whose alerts could not all be handed over comes again, and its records must not stand in a window twice.
    private (RecordBatch Batch, int Count, RecordOrigin Last, ActiveModel Active)? _unfinished;

    /// <inheritdoc/>
    public int PastRecords
    {
        get
        {
            var window = Math.Max(Options.Model is null ? 1 : SequenceOptions.WindowOf(Options.Model), _active?.Snapshot.Model.Window ?? 1);
            if (window == 1)
                return 0;
            return Spec.EntityField < 0 ? Math.Min(Options.WindowRebuildRecords, PastWindowsOfAPartition * window) : Options.WindowRebuildRecords;
        }
    }

    internal int SequenceKeys => _windows.Count;

    internal long EvictedKeys => _windows.Evicted;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No model is loaded.</exception>
    public void Recall(RecordBatch past)
    {
        ArgumentNullException.ThrowIfNull(past);
        var active = _active ?? throw new InvalidOperationException($"Detector '{Options.Name}' has no model yet; hand over records only while IsReady.");
        DropUnreadWindows(active);
        active.Scorer.Recall(past);
    }

    /// <inheritdoc/>
    public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        _windows.Forget(partitions);
    }

    private ActiveModel? FindUnfinished(RecordBatch batch) =>
        _unfinished is { } unfinished && ReferenceEquals(unfinished.Batch, batch) && unfinished.Count == batch.Count && unfinished.Last == batch.Origins[^1]
            ? unfinished.Active
            : null;

    private ReadOnlySpan<float> ScoreOnce(ActiveModel active, RecordBatch batch)
    {
        if (FindUnfinished(batch) is not null)
            return active.Scorer.Scores;
        DropUnreadWindows(active);
        try
        {
            var scores = active.Scorer.Score(batch);
            _unfinished = (batch, batch.Count, batch.Origins[^1], active);
            return scores;
        }
        catch
        {
            // Nobody knows which of the records the windows hold.
            _windows.Clear();
            throw;
        }
    }

    // A version of single records does not go on with the windows of one before: what comes meanwhile would be missing in them.
    private void DropUnreadWindows(ActiveModel active)
    {
        if (active.Snapshot.Model.Window == 1 && _windows.Count > 0)
            _windows.Clear();
    }
}

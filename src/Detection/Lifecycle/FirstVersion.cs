using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Replicas;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Gets a detector the version it begins with: the stored one, or one that this process, or another that shares the models, trains as soon as history holds enough.</summary>
internal sealed class FirstVersion(DetectorContext context, StoredVersions stored, WindowReader history, VersionTrainer trainer, TrainingTurns turns, CurrentModel current)
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>Returns when a version scores.</summary>
    public async Task ActivateAsync(CancellationToken cancellationToken)
    {
        var why = stored.LoadCurrent();
        var retry = FirstRetry;
        while (current.Active is null && await WarmAsync(why, cancellationToken).ConfigureAwait(false) is { } window)
        {
            using var lease = window.Lease;
            var started = context.Time.GetTimestamp();
            try
            {
                current.SetStatus(DetectorState.Training, $"training the first model on {LifecycleText.Count(window.Records.Count)} records", 0, null);

                // Who sees the detector score finds its training counted.
                await trainer.TrainAsync(
                    "bootstrap", window.Records, null, window.Ranges, lease,
                    () => context.Metrics.Trained(context.Tag, "bootstrap", "promoted", context.Time.GetElapsedTime(started)), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                lease?.Dispose();
                context.Metrics.Trained(context.Tag, "bootstrap", VersionTrainer.OutcomeOf(e), context.Time.GetElapsedTime(started));
                DetectorLog.FirstTrainingFailed(context.Logger, e, context.Name, retry);
                current.SetStatus(DetectorState.Failed, $"the first training failed: {e.Message} Next attempt in {LifecycleText.Duration(retry)}.", null, retry);
                await Task.Delay(retry, context.Time, cancellationToken).ConfigureAwait(false);
                retry = Shorter(retry * 2, LongestRetry);
            }
        }
    }

    /// <returns>Enough records, and the turn to learn from them; null where another process has stored a version, which scores.</returns>
    private async Task<FirstWindow?> WarmAsync(string? why, CancellationToken cancellationToken)
    {
        var prefix = why is null ? "" : $"the stored model cannot be used ({why}) and a new one is needed: ";
        var started = context.Time.GetTimestamp();
        var poll = FirstPoll;
        long? first = null;
        while (true)
        {
            Attempt attempt;
            try
            {
                attempt = await TryAsync(prefix, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                DetectorLog.HistoryUnavailable(context.Logger, e, context.Name, poll);
                current.SetStatus(DetectorState.Warming, $"{prefix}the history cannot be read: {e.Message} Next attempt in {LifecycleText.Duration(poll)}.", null, null);
                await Task.Delay(poll, context.Time, cancellationToken).ConfigureAwait(false);
                poll = Shorter(poll * 1.5, LongestPoll);
                continue;
            }

            if (attempt.Window is not null || current.Active is not null)
                return attempt.Window;
            if (attempt.Other is { } other)
            {
                current.SetStatus(DetectorState.Training, $"{prefix}{other.Said}; it is taken over when it is stored", null, null);
                await turns.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            var (wanted, count) = (context.MinRecords, attempt.Count);
            if (first is null)
                DetectorLog.Waiting(context.Logger, context.Name, wanted, count);
            first ??= count;
            var remaining = count > first ? context.Time.GetElapsedTime(started) * ((double)(wanted - count) / (count - first.Value)) : (TimeSpan?)null;
            current.SetStatus(
                DetectorState.Warming,
                $"{prefix}waiting for {LifecycleText.Count(wanted)} records, {LifecycleText.Count(count)} so far",
                (double)count / wanted,
                remaining);
            await Task.Delay(poll, context.Time, cancellationToken).ConfigureAwait(false);
            poll = Shorter(poll * 1.5, LongestPoll);
        }
    }

    /// <summary>Reads a window, where there are enough records and it is this process's turn; or takes over what another process stored.</summary>
    private async Task<Attempt> TryAsync(string prefix, CancellationToken cancellationToken)
    {
        if (HasTakenOver())
            return new Attempt(0);
        var wanted = context.TrainingWindow;
        var count = await history.CountAsync(wanted, cancellationToken).ConfigureAwait(false);
        if (count < context.MinRecords && wanted.Age is { } age)
        {
            // The first model may learn from what is older than the window: a topic that was filled long ago would otherwise wait for ever.
            wanted = wanted with { Age = null };
            count = await history.CountAsync(wanted, cancellationToken).ConfigureAwait(false);
            if (count >= context.MinRecords)
                DetectorLog.WindowWidened(context.Logger, context.Name, context.MinRecords, age);
        }

        if (count < context.MinRecords)
            return new Attempt(count);
        var turn = turns.TryTake("bootstrap");
        if (turn.IsHeld)
            return new Attempt(count, Other: turn);
        FirstWindow? window = null;
        try
        {
            // Whoever had the turn before may have stored one since.
            if (HasTakenOver())
                return new Attempt(count);
            var capacity = (int)Math.Min(count, context.Options.Training.MaxRecords);
            current.SetStatus(DetectorState.Warming, $"{prefix}reading {LifecycleText.Count(count)} records from history", 1, null);
            var (records, ranges) = await history.ReadAsync(wanted, capacity, cancellationToken).ConfigureAwait(false);
            // The topic holds enough, but bad ones do not count.
            if (records.Count >= context.MinRecords)
                window = new FirstWindow(records, ranges, turn.Lease);
            return new Attempt(records.Count, window);
        }
        finally
        {
            if (window is null)
                turn.Lease?.Dispose();
        }
    }

    // What was stored before the start was looked at there.
    private bool HasTakenOver() => turns.AreShared && stored.TryTakeOver();

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>What to learn from, and the turn to do so.</summary>
    private sealed record FirstWindow(RecordBatch Records, IReadOnlyList<HistoryRange> Ranges, TrainingLease? Lease);

    /// <summary>What an attempt came to: how many records there are, the window where there are enough, or whose turn it is.</summary>
    private sealed record Attempt(long Count, FirstWindow? Window = null, LeaseAttempt? Other = null);
}

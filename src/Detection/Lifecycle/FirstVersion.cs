using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Models.Persistence;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Gets a detector the version it begins with: the stored one, or one that it trains as soon as history holds enough.</summary>
internal sealed class FirstVersion(DetectorContext context, IModelStore store, WindowReader history, VersionTrainer trainer, CurrentModel current)
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>Returns when a version scores.</summary>
    public async Task ActivateAsync(CancellationToken cancellationToken)
    {
        var why = LoadCurrent();
        var retry = FirstRetry;
        while (current.Active is null)
        {
            var (window, ranges) = await WarmAsync(why, cancellationToken).ConfigureAwait(false);
            var started = context.Time.GetTimestamp();
            try
            {
                current.SetStatus(DetectorState.Training, $"training the first model on {LifecycleText.Count(window.Count)} records", 0, null);
                var snapshot = await trainer.TrainAsync("bootstrap", window, null, ranges, cancellationToken).ConfigureAwait(false);

                // Who sees the detector score finds its training counted.
                context.Metrics.Trained(context.Tag, "bootstrap", "promoted", context.Time.GetElapsedTime(started));
                current.Activate(snapshot);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                context.Metrics.Trained(context.Tag, "bootstrap", VersionTrainer.OutcomeOf(e), context.Time.GetElapsedTime(started));
                DetectorLog.FirstTrainingFailed(context.Logger, e, context.Name, retry);
                current.SetStatus(DetectorState.Failed, $"the first training failed: {e.Message} Next attempt in {LifecycleText.Duration(retry)}.", null, retry);
                await Task.Delay(retry, context.Time, cancellationToken).ConfigureAwait(false);
                retry = Shorter(retry * 2, LongestRetry);
            }
        }
    }

    /// <returns>Why a stored version cannot be used, or null.</returns>
    private string? LoadCurrent()
    {
        var refusal = Load(null);
        // Where the fields are others, no older version is better.
        return refusal is ModelFileException && TryLoadOlder(refusal.Message) ? null : refusal?.Message;
    }

    // A damaged file must not leave a stream unscored for as long as a training takes, where a version beside it is whole.
    private bool TryLoadOlder(string why)
    {
        foreach (var version in store.List(context.Name).Where(version => version is { Problem: null, Current: false }))
        {
            Load(version.Version);
            if (current.Active is null)
                continue;
            current.ShowStoreProblem($"in place of the current one, which cannot be used: {why}");
            return true;
        }

        return false;
    }

    /// <summary>Lets a stored version score, where there is one.</summary>
    /// <returns>Why it cannot be used, or null.</returns>
    private Exception? Load(string? version)
    {
        try
        {
            if (store.Load(context.Name, version, context.Spec) is { } snapshot)
            {
                DetectorLog.Loaded(context.Logger, context.Name, snapshot.Version);
                current.Activate(snapshot);
            }

            return null;
        }
        catch (Exception e) when (e is SpecMismatchException or ModelFileException or IOException or UnauthorizedAccessException)
        {
            DetectorLog.StoredVersionRefused(context.Logger, e, context.Name);
            return e;
        }
    }

    private async Task<(RecordBatch Window, IReadOnlyList<HistoryRange> Ranges)> WarmAsync(string? why, CancellationToken cancellationToken)
    {
        var prefix = why is null ? "" : $"the stored model cannot be used ({why}) and a new one is needed: ";
        var started = context.Time.GetTimestamp();
        var poll = FirstPoll;
        long? first = null;
        while (true)
        {
            long count;
            try
            {
                (var window, var ranges, count) = await TryReadAsync(prefix, cancellationToken).ConfigureAwait(false);
                if (window is not null)
                    return (window, ranges);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                DetectorLog.HistoryUnavailable(context.Logger, e, context.Name, poll);
                current.SetStatus(DetectorState.Warming, $"{prefix}the history cannot be read: {e.Message} Next attempt in {LifecycleText.Duration(poll)}.", null, null);
                await Task.Delay(poll, context.Time, cancellationToken).ConfigureAwait(false);
                poll = Shorter(poll * 1.5, LongestPoll);
                continue;
            }

            var wanted = context.MinRecords;
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

    /// <returns>A window of enough records and where it lies, or none, and how many there are.</returns>
    private async Task<(RecordBatch? Window, IReadOnlyList<HistoryRange> Ranges, long Count)> TryReadAsync(string prefix, CancellationToken cancellationToken)
    {
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
            return (null, [], count);

        var capacity = (int)Math.Min(count, context.Options.Training.MaxRecords);
        current.SetStatus(DetectorState.Warming, $"{prefix}reading {LifecycleText.Count(count)} records from history", 1, null);
        var (window, ranges) = await history.ReadAsync(wanted, capacity, cancellationToken).ConfigureAwait(false);
        // The topic holds enough, but bad ones do not count.
        return (window.Count >= context.MinRecords ? window : null, ranges, window.Count);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

using System.Globalization;
using System.Threading.Channels;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Replicas;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Training;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Retrains on schedule and on request; whatever comes of it, the version that scores goes on until a new one takes its place.</summary>
internal sealed class Retraining(DetectorContext context, IModelStore store, WindowReader history, VersionTrainer trainer, TrainingTurns turns, CurrentModel current)
{
    // Timers take no more than some weeks.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Channel<string> _requests = Channel.CreateBounded<string>(1);
    private int _isPending;
    private TimeSpan _elapsedBeforeStart;
    private long _scheduledFrom;
    private string? _countedFrom;

    /// <summary>Asks for a retraining now; several requests while one runs become one.</summary>
    /// <returns>False when a training is already waiting or running.</returns>
    public bool Request(string trigger) =>
        // Without a model the first training is waiting or running anyway.
        current.Active is not null && Interlocked.CompareExchange(ref _isPending, 1, 0) == 0 && _requests.Writer.TryWrite(trigger);

    /// <summary>Waits and retrains until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        StartSchedule();
        while (true)
        {
            var trigger = await WaitForTriggerAsync(cancellationToken).ConfigureAwait(false);
            var sinceLast = TimeSpan.Zero;
            // What scoring left in the heap since the last time would lie beside what the training takes.
            await TrainingMemory.GiveBackAsync().ConfigureAwait(false);
            try
            {
                sinceLast = await RetrainAsync(trigger, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                // The window is out of reach only now that the method that read it has returned.
                await TrainingMemory.GiveBackAsync().ConfigureAwait(false);
                ScheduleFrom(sinceLast);
                Volatile.Write(ref _isPending, 0);
            }
        }
    }

    // A version that was rolled back to is old; the schedule counts from the last training, or it would undo the rollback at the next start. The last is the one
    // stored last, not the one of the latest date: a date may have been written by a wrong clock.
    private void StartSchedule()
    {
        var now = context.Time.GetUtcNow();
        var stored = store.List(context.Name);
        var newest = Newest(stored);
        _countedFrom = newest?.Version;
        var sinceLast = newest is not null ? now - newest.CreatedAt : TimeSpan.Zero;
        ScheduleFrom(Positive(sinceLast));

        if (VersionDates.Problem(stored, now) is not { } dates)
            return;
        var problem = $"{dates}. Scheduled trainings count from {(sinceLast < TimeSpan.Zero ? "now" : "the version stored last")}";
        DetectorLog.DatedInTheFuture(context.Logger, context.Name, problem);
        current.ShowClockProblem(problem);
    }

    // Counted by a clock that nobody sets.
    private void ScheduleFrom(TimeSpan elapsedBefore) => (_elapsedBeforeStart, _scheduledFrom) = (elapsedBefore, context.Time.GetTimestamp());

    private async Task<string> WaitForTriggerAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var wait = LongestWait;
            if (context.Options.Training.Every is { } every)
            {
                var left = every - _elapsedBeforeStart - context.Time.GetElapsedTime(_scheduledFrom);
                // Where a request came in between, it is in the channel, or about to be.
                if (left <= TimeSpan.Zero && Interlocked.CompareExchange(ref _isPending, 1, 0) == 0)
                    return "schedule";
                if (left > TimeSpan.Zero && left < LongestWait)
                    wait = left;
            }

            using var due = new CancellationTokenSource(wait, context.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, due.Token);
            try
            {
                return await _requests.Reader.ReadAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                continue;
            }
        }
    }

    // One of other fields, which a process may have stored that is not restarted yet, serves nobody here.
    private ModelManifest? Newest(IEnumerable<ModelVersion> stored) => stored.Select(version => version.Manifest).FirstOrDefault(manifest => manifest?.SpecHash == context.Spec.Hash);

    /// <returns>The time since the training that the next one is counted from.</returns>
    private async Task<TimeSpan> RetrainAsync(string trigger, CancellationToken cancellationToken)
    {
        var started = context.Time.GetTimestamp();
        var outcome = "promoted";
        string? problem = null;
        LeaseAttempt? turn = null;
        try
        {
            var before = turns.AreShared ? Newest(store.List(context.Name))?.Version : null;
            turn = await turns.TakeAsync(trigger, other => current.ShowOtherTraining(other.Said), cancellationToken).ConfigureAwait(false);
            if (turn.Lease is not null && SinceAnother(trigger, before, turn) is { } since)
                return since;
            started = context.Time.GetTimestamp();
            current.BeginRetraining();
            problem = await TryRetrainAsync(trigger, turn.Lease, cancellationToken).ConfigureAwait(false);
            if (problem is not null)
            {
                outcome = "refused";
                DetectorLog.RetrainingRefused(context.Logger, context.Name, trigger, problem);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever went wrong, the version that scores goes on.
            outcome = VersionTrainer.OutcomeOf(e);
            problem = e.Message;
            DetectorLog.RetrainingFailed(context.Logger, e, context.Name, trigger, current.Manifest?.Version ?? "none");
        }
        finally
        {
            turn?.Lease?.Dispose();
            current.EndRetraining(problem);
        }

        context.Metrics.Trained(context.Tag, trigger, outcome, context.Time.GetElapsedTime(started));
        return TimeSpan.Zero;
    }

    /// <summary>Looks whether another process that shares the models has done meanwhile what is asked for.</summary>
    /// <param name="trigger">What is asked for.</param>
    /// <param name="before">The version stored last before the turn was asked for.</param>
    /// <param name="turn">The turn to do it.</param>
    /// <returns>How long ago; null where it has not.</returns>
    private TimeSpan? SinceAnother(string trigger, string? before, LeaseAttempt turn)
    {
        var now = context.Time.GetUtcNow();
        var newest = Newest(store.List(context.Name));
        var since = newest is null ? TimeSpan.Zero : Positive(now - newest.CreatedAt);
        var isScheduled = trigger == "schedule";
        if (newest is not null && (isScheduled ? newest.Version != _countedFrom && since < context.Options.Training.Every : newest.Version != before))
        {
            _countedFrom = newest.Version;
            DetectorLog.TrainingNotNeeded(context.Logger, context.Name, trigger, $"another process has stored version {newest.Version}");
            return since;
        }

        // Of the same window another would come to the same: what it did not learn is not to be learned by each in turn.
        if (isScheduled && turn.Standing is { Purpose: "schedule", Released: not null } last && Positive(now - last.Since) is var ago && ago < context.Options.Training.Every / 2)
        {
            DetectorLog.TrainingNotNeeded(context.Logger, context.Name, trigger, $"another process ({turn.Owner}) has tried, at {turn.Since}");
            return ago;
        }

        return null;
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    /// <returns>Why no new version came of it, or null.</returns>
    private async Task<string?> TryRetrainAsync(string trigger, TrainingLease? lease, CancellationToken cancellationToken)
    {
        var (window, flagged, ranges, problem) = await ReadNormalAsync(trigger, cancellationToken).ConfigureAwait(false);
        if (problem is not null)
            return problem;

        await trainer.TrainAsync(trigger, window, flagged, ranges, lease, null, cancellationToken).ConfigureAwait(false);
        _countedFrom = current.Manifest?.Version;
        return null;
    }

    private async Task<(RecordBatch Window, RecordBatch? Flagged, IReadOnlyList<HistoryRange> Ranges, string? Problem)> ReadNormalAsync(string trigger, CancellationToken cancellationToken)
    {
        var scoring = current.Active!.Snapshot;
        var (window, ranges) = await history.ReadAsync(context.TrainingWindow, Math.Min(context.Options.Training.MaxRecords, 65_536), cancellationToken).ConfigureAwait(false);
        if (window.Count < context.MinRecords)
            return (window, null, ranges, Lacking(window, "records"));

        var rows = await trainer.RunAsync(() => WindowFilter.FlaggedRows(window, scoring, cancellationToken), cancellationToken).ConfigureAwait(false);
        var flaggedShare = (double)rows.Length / window.Count;
        if (flaggedShare <= WindowFilter.LargestFlaggedShare)
        {
            var flagged = WindowFilter.TakeOut(window, rows);
            return (window, flagged, ranges, window.Count < context.MinRecords ? Lacking(window, "records that were not flagged") : null);
        }

        var finding = string.Create(
            CultureInfo.InvariantCulture,
            $"version {scoring.Version} flags {flaggedShare:P0} of the window (more than {WindowFilter.LargestFlaggedShare:P0}): the stream has changed, or an incident fills it");
        if (trigger == "schedule")
            return (window, null, ranges, finding + ". Look at the alerts; if this is the new normal, request a retraining, which then learns from all records");

        // A person asked for it, and the rest alone would only confirm the version that no longer fits.
        DetectorLog.LearningFromFlagged(context.Logger, context.Name, finding);
        return (window, null, ranges, null);
    }

    private string Lacking(RecordBatch records, string what) => $"the window holds {LifecycleText.Count(records.Count)} {what}, {LifecycleText.Count(context.MinRecords)} are needed";
}

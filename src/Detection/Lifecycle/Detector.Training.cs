using System.Globalization;
using System.Threading.Channels;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Persistence;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>The background half: load or train the first version, then retrain.</summary>
public sealed partial class Detector
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    // Timers take no more than some weeks.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _swap = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<string> _requests = Channel.CreateBounded<string>(1);
    private int _retrainingPending;
    private volatile DetectorStatus _status;
    private string? _retrainingProblem;
    private string? _clockProblem;
    private TimeSpan _elapsedBeforeStart;
    private long _scheduledFrom;
    private Task? _run;
    private Task? _trainingThread;

    private HistoryWindow Window => new(Options.Training.Window, Options.Training.MaxRecords);

    private int MinRecords => Math.Min(Options.Training.MinRecords, Options.Training.MaxRecords);

    /// <summary>Loads the current version, or trains the first one from history (waiting for enough records), then retrains on schedule and on request until cancelled.</summary>
    /// <param name="cancellationToken">Ends the work; the task then completes without an exception.</param>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        lock (_swap)
        {
            if (_run is { IsCompleted: false })
                throw new InvalidOperationException($"Detector '{Options.Name}' runs already.");
            return _run = RunToEndAsync(cancellationToken);
        }
    }

    /// <summary>Asks for a retraining now; several requests while one runs become one.</summary>
    /// <param name="trigger">Why: "request".</param>
    /// <returns>False when a training is already waiting or running.</returns>
    public bool RequestRetraining(string trigger)
    {
        ArgumentException.ThrowIfNullOrEmpty(trigger);

        // Without a model the first training is waiting or running anyway.
        return IsReady && Interlocked.CompareExchange(ref _retrainingPending, 1, 0) == 0 && _requests.Writer.TryWrite(trigger);
    }

    private async Task RunToEndAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await StartAsync(ending.Token).ConfigureAwait(false);
            while (true)
            {
                var trigger = await WaitForTriggerAsync(ending.Token).ConfigureAwait(false);
                try
                {
                    await RetrainAsync(trigger, ending.Token).ConfigureAwait(false);
                }
                finally
                {
                    ScheduleFrom(TimeSpan.Zero);
                    Volatile.Write(ref _retrainingPending, 0);
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            Log.Stopped(_logger, Options.Name);
        }
        catch (Exception exception) when (ending.IsCancellationRequested)
        {
            // Whoever was told to end may say so by the error of what it was doing: no broker answers, a file is half written.
            Log.StoppedDuring(_logger, exception, Options.Name);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var why = LoadCurrent();
        var retry = FirstRetry;
        while (!IsReady)
        {
            var (window, ranges) = await WarmAsync(why, cancellationToken).ConfigureAwait(false);
            var started = _time.GetTimestamp();
            try
            {
                SetStatus(DetectorState.Training, $"training the first model on {Count(window.Count)} records", 0, null);
                Log.TrainingStarted(_logger, Options.Name, "bootstrap", window.Count, 0);
                var snapshot = await TrainAsync("bootstrap", window, null, 0, ranges, cancellationToken).ConfigureAwait(false);

                // Who sees the detector score finds its training counted.
                _metrics.Trained(_tag, "bootstrap", "promoted", _time.GetElapsedTime(started));
                Activate(snapshot);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                _metrics.Trained(_tag, "bootstrap", OutcomeOf(e), _time.GetElapsedTime(started));
                Log.FirstTrainingFailed(_logger, e, Options.Name, retry);
                SetStatus(DetectorState.Failed, $"the first training failed: {e.Message} Next attempt in {Duration(retry)}.", null, retry);
                await Task.Delay(retry, _time, cancellationToken).ConfigureAwait(false);
                retry = Shorter(retry * 2, LongestRetry);
            }
        }

        StartSchedule();
    }

    // A version that was rolled back to is old; the schedule counts from the last training, or it would undo the rollback at the next start. The last is the one
    // stored last, not the one of the latest date: a date may have been written by a wrong clock.
    private void StartSchedule()
    {
        var now = _time.GetUtcNow();
        var stored = _store.List(Options.Name);
        var sinceLast = stored.Select(version => version.Manifest).FirstOrDefault(manifest => manifest is not null) is { } last ? now - last.CreatedAt : TimeSpan.Zero;
        ScheduleFrom(sinceLast > TimeSpan.Zero ? sinceLast : TimeSpan.Zero);

        if (VersionDates.Problem(stored, now) is not { } problem)
            return;
        _clockProblem = $"{problem}. Scheduled trainings count from {(sinceLast < TimeSpan.Zero ? "now" : "the version stored last")}";
        Log.DatedInTheFuture(_logger, Options.Name, _clockProblem);
        ShowScoring();
    }

    // Counted by a clock that nobody sets.
    private void ScheduleFrom(TimeSpan elapsedBefore) => (_elapsedBeforeStart, _scheduledFrom) = (elapsedBefore, _time.GetTimestamp());

    /// <returns>Why a stored version cannot be used, or null.</returns>
    private string? LoadCurrent()
    {
        try
        {
            if (_store.Load(Options.Name, null, Spec) is { } snapshot)
            {
                Log.Loaded(_logger, Options.Name, snapshot.Version);
                Activate(snapshot);
            }

            return null;
        }
        catch (Exception e) when (e is SpecMismatchException or ModelFileException)
        {
            Log.StoredVersionRefused(_logger, e, Options.Name);
            return e.Message;
        }
    }

    private async Task<(RecordBatch Window, IReadOnlyList<HistoryRange> Ranges)> WarmAsync(string? why, CancellationToken cancellationToken)
    {
        var prefix = why is null ? "" : $"the stored model cannot be used ({why}) and a new one is needed: ";
        var started = _time.GetTimestamp();
        var poll = FirstPoll;
        long? first = null;
        while (true)
        {
            long count;
            try
            {
                var wanted = Window;
                count = await _history.CountAsync(wanted, cancellationToken).ConfigureAwait(false);
                if (count < MinRecords && wanted.Age is { } age)
                {
                    // The first model may learn from what is older than the window: a topic that was filled long ago would otherwise wait for ever.
                    wanted = wanted with { Age = null };
                    count = await _history.CountAsync(wanted, cancellationToken).ConfigureAwait(false);
                    if (count >= MinRecords)
                        Log.WindowWidened(_logger, Options.Name, MinRecords, age);
                }

                if (count >= MinRecords)
                {
                    SetStatus(DetectorState.Warming, $"{prefix}reading {Count(Math.Min(count, Options.Training.MaxRecords))} records from history", 1, null);
                    var window = new RecordBatch(Spec, (int)Math.Min(count, Options.Training.MaxRecords));
                    var ranges = await _history.ReadAsync(wanted, window, cancellationToken).ConfigureAwait(false);
                    if (window.Count >= MinRecords)
                        return (window, ranges);

                    // The topic holds enough, but bad ones do not count.
                    count = window.Count;
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Log.HistoryUnavailable(_logger, e, Options.Name, poll);
                SetStatus(DetectorState.Warming, $"{prefix}the history cannot be read: {e.Message} Next attempt in {Duration(poll)}.", null, null);
                await Task.Delay(poll, _time, cancellationToken).ConfigureAwait(false);
                poll = Shorter(poll * 1.5, LongestPoll);
                continue;
            }

            if (first is null)
                Log.Waiting(_logger, Options.Name, MinRecords, count);
            first ??= count;
            var remaining = count > first ? _time.GetElapsedTime(started) * ((double)(MinRecords - count) / (count - first.Value)) : (TimeSpan?)null;
            SetStatus(
                DetectorState.Warming,
                $"{prefix}waiting for {Count(MinRecords)} records, {Count(count)} so far",
                (double)count / MinRecords,
                remaining);
            await Task.Delay(poll, _time, cancellationToken).ConfigureAwait(false);
            poll = Shorter(poll * 1.5, LongestPoll);
        }
    }

    private async Task<string> WaitForTriggerAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var wait = LongestWait;
            if (Options.Training.Every is { } every)
            {
                wait = Shorter(every - _elapsedBeforeStart - _time.GetElapsedTime(_scheduledFrom), LongestWait);
                if (wait <= TimeSpan.Zero)
                {
                    if (Interlocked.CompareExchange(ref _retrainingPending, 1, 0) == 0)
                        return "schedule";

                    // A request came in between; it is in the channel, or about to be.
                    wait = LongestWait;
                }
            }

            using var due = new CancellationTokenSource(wait, _time);
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

    private async Task RetrainAsync(string trigger, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var outcome = "promoted";
        SetRetraining(true, _retrainingProblem);
        try
        {
            _retrainingProblem = await TryRetrainAsync(trigger, cancellationToken).ConfigureAwait(false);
            if (_retrainingProblem is not null)
            {
                outcome = "refused";
                Log.RetrainingRefused(_logger, Options.Name, trigger, _retrainingProblem);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever went wrong, the version that scores goes on.
            outcome = OutcomeOf(e);
            _retrainingProblem = e.Message;
            Log.RetrainingFailed(_logger, e, Options.Name, trigger, Manifest?.Version ?? "none");
        }
        finally
        {
            SetRetraining(false, _retrainingProblem);
        }

        _metrics.Trained(_tag, trigger, outcome, _time.GetElapsedTime(started));
    }

    /// <returns>Why no new version came of it, or null.</returns>
    private async Task<string?> TryRetrainAsync(string trigger, CancellationToken cancellationToken)
    {
        var current = _active!.Snapshot;
        var window = new RecordBatch(Spec, Math.Min(Options.Training.MaxRecords, 65_536));
        var ranges = await _history.ReadAsync(Window, window, cancellationToken).ConfigureAwait(false);
        if (window.Count < MinRecords)
            return $"the window holds {Count(window.Count)} records, {Count(MinRecords)} are needed";

        var (normal, flagged) = await OnTrainingThread(() => WindowFilter.Split(window, current, cancellationToken), cancellationToken).ConfigureAwait(false);
        var flaggedShare = (double)flagged.Count / window.Count;
        if (flaggedShare > WindowFilter.LargestFlaggedShare)
        {
            var finding = string.Create(
                CultureInfo.InvariantCulture,
                $"version {current.Version} flags {flaggedShare:P0} of the window (more than {WindowFilter.LargestFlaggedShare:P0}): the stream has changed, or an incident fills it");
            if (trigger == "schedule")
                return finding + ". Look at the alerts; if this is the new normal, request a retraining, which then learns from all records";

            // A person asked for it, and the rest alone would only confirm the version that no longer fits.
            Log.LearningFromFlagged(_logger, Options.Name, finding);
            (normal, flagged) = (window, new RecordBatch(Spec, 1));
        }

        if (normal.Count < MinRecords)
            return $"the window holds {Count(normal.Count)} records that were not flagged, {Count(MinRecords)} are needed";

        Log.TrainingStarted(_logger, Options.Name, trigger, normal.Count, flagged.Count);
        Activate(await TrainAsync(trigger, normal, flagged, flagged.Count, ranges, cancellationToken).ConfigureAwait(false));
        return null;
    }

    private async Task<ModelSnapshot> TrainAsync(
        string trigger, RecordBatch window, RecordBatch? flagged, int excluded, IReadOnlyList<HistoryRange> ranges, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Options.Training.Deadline, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var token = ending.Token;
        var progress = new TrainingObserver(_time, ReportProgress);
        try
        {
            var trained = await OnTrainingThread(
                () => DetectorTrainer.Train(Spec, Options, window, flagged, _time, progress, _fitter, token), token).ConfigureAwait(false);
            var manifest = _store.Save(trained.Describe(Options.Name, trigger, _time.GetUtcNow(), window, excluded, ranges), trained.Model);
            return new ModelSnapshot(manifest, trained.Encoder, trained.Frozen, trained.Threshold);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The training was given up after {Duration(Options.Training.Deadline)} (training.deadline). Raise it, or lower training.max_records or fit.max_steps.", e);
        }
    }

    // Does not wait for a training that ignores its cancellation; but no second one starts beside it.
    private async Task<T> OnTrainingThread<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (_trainingThread is { IsCompleted: false })
            throw new InvalidOperationException($"The former training of detector '{Options.Name}' has not ended yet. Try again later; restart the process if it never does.");
        var task = TrainingThread.RunAsync("train " + Options.Name, work);
        _trainingThread = task;
        return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Activate(ModelSnapshot snapshot)
    {
        lock (_swap)
        {
            _active = new ActiveModel(snapshot, Options.Alerts.TopFeatures, _windows);
            _retrainingProblem = null;
            SetStatus(DetectorState.Scoring, ScoringReason(), null, null);
        }

        Log.Activated(_logger, Options.Name, snapshot.Version, snapshot.Manifest.Network.Report.Device, snapshot.Threshold.Value);
    }

    private void ReportProgress(TrainingProgress progress, TimeSpan? remaining)
    {
        var share = (double)progress.Step / progress.MaxSteps;
        lock (_swap)
        {
            // A training that was given up may still report.
            if (!IsReady)
                SetStatus(DetectorState.Training, $"{progress.Phase}, step {Count(progress.Step)} of at most {Count(progress.MaxSteps)}", share, remaining);
            else if (_status.Retraining)
                _status = _status with { Progress = share };
        }
    }

    private void SetStatus(DetectorState state, string reason, double? progress, TimeSpan? remaining)
    {
        lock (_swap)
            _status = new DetectorStatus(state, reason, progress, remaining, Manifest?.Version, _status.Retraining, Manifest?.Network.Report.Device);
    }

    private void SetRetraining(bool running, string? problem)
    {
        lock (_swap)
        {
            var reason = ScoringReason() + (problem is null ? "" : $"; the last retraining gave none: {problem}");
            _status = _status with { Reason = reason, Retraining = running, Progress = null };
        }
    }

    private void ShowScoring()
    {
        lock (_swap)
            _status = _status with { Reason = ScoringReason() };
    }

    private string ScoringReason() => $"scoring with version {Manifest?.Version}" + (_clockProblem is null ? "" : $"; {_clockProblem}");

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

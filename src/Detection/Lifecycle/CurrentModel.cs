using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Holds the model that scores and the status that tells of it; they change together, and any thread reads them.</summary>
/// <param name="context">Detector.</param>
/// <param name="windows">Windows of the one thread that scores; they outlive the versions.</param>
internal sealed class CurrentModel(DetectorContext context, KeyWindows windows)
{
    private readonly Lock _swap = new();
    private volatile ActiveModel? _active;
    private volatile DetectorStatus _status = new(DetectorState.Warming, "not started", null, null, null, false);
    private string? _retrainingProblem;
    private string? _clockProblem;
    private string? _storeProblem;
    private string? _otherTraining;

    /// <summary>Gets the model that scores, or null before the first.</summary>
    public ActiveModel? Active => _active;

    public ModelManifest? Manifest => _active?.Snapshot.Manifest;

    public DetectorStatus Status => _status;

    /// <summary>Lets a version score from the next batch on.</summary>
    public void Activate(ModelSnapshot snapshot)
    {
        lock (_swap)
        {
            _active = new ActiveModel(snapshot, context.Options.Alerts.TopFeatures, windows);
            _retrainingProblem = null;
            _storeProblem = null;
            SetStatus(DetectorState.Scoring, ScoringReason(), null, null);
        }

        DetectorLog.Activated(context.Logger, context.Name, snapshot.Version, snapshot.Manifest.Network.Report.Device, snapshot.Threshold.Value);
    }

    /// <summary>Stores a version and lets it score from the next batch on: nobody finds it stored and takes it over in between.</summary>
    /// <param name="store">Stores it.</param>
    /// <param name="stored">Called before it scores.</param>
    public void Activate(Func<ModelSnapshot> store, Action? stored)
    {
        lock (_swap)
        {
            var snapshot = store();
            stored?.Invoke();
            Activate(snapshot);
        }
    }

    /// <summary>Lets a version score that another process made the current one, unless it no longer is.</summary>
    public void TakeOver(IModelStore store, ModelSnapshot snapshot)
    {
        lock (_swap)
        {
            if (store.CurrentVersion(context.Name) != snapshot.Version)
                return;
            DetectorLog.TakenOver(context.Logger, context.Name, snapshot.Version, Manifest?.Version ?? "none");
            Activate(snapshot);
        }
    }

    /// <summary>Swaps to an older version; where that cannot score, the stored pointer goes back to the one that does.</summary>
    public string Rollback(IModelStore store, string? version)
    {
        lock (_swap)
        {
            var before = Manifest?.Version;
            var target = store.Rollback(context.Name, version);
            ModelSnapshot? snapshot = null;
            try
            {
                snapshot = store.Load(context.Name, target, context.Spec)
                    ?? throw new KeyNotFoundException($"Detector '{context.Name}' has no version '{target}' any more.");
            }
            finally
            {
                // The stored pointer must not name what cannot score.
                if (snapshot is null && before is not null)
                    store.Rollback(context.Name, before);
            }

            DetectorLog.RolledBack(context.Logger, context.Name, before ?? "none", target);
            Activate(snapshot);
            return target;
        }
    }

    public void SetStatus(DetectorState state, string reason, double? progress, TimeSpan? remaining)
    {
        lock (_swap)
            _status = new DetectorStatus(state, reason, progress, remaining, Manifest?.Version, _status.Retraining, Manifest?.Network.Report.Device);
    }

    public void Report(TrainingProgress progress, TimeSpan? remaining)
    {
        var share = (double)progress.Step / progress.MaxSteps;
        lock (_swap)
        {
            // A training that was given up may still report.
            if (_active is null)
                SetStatus(DetectorState.Training, $"{progress.Phase}, step {LifecycleText.Count(progress.Step)} of at most {LifecycleText.Count(progress.MaxSteps)}", share, remaining);
            else if (_status.Retraining)
                _status = _status with { Progress = share };
        }
    }

    public void BeginRetraining()
    {
        lock (_swap)
        {
            _otherTraining = null;
            ShowScoring(isRetraining: true);
        }
    }

    /// <param name="problem">Why no new version came of it, or null.</param>
    public void EndRetraining(string? problem)
    {
        lock (_swap)
        {
            _retrainingProblem = problem;
            _otherTraining = null;
            ShowScoring(isRetraining: false);
        }
    }

    /// <summary>Says beside the version that scores that stored ones are dated wrongly.</summary>
    public void ShowClockProblem(string problem)
    {
        lock (_swap)
        {
            _clockProblem = problem;
            _status = _status with { Reason = ScoringReason() };
        }
    }

    /// <summary>Says beside the version that scores why it is not the stored current one; null where it is.</summary>
    public void ShowStoreProblem(string? problem)
    {
        lock (_swap)
        {
            if (_storeProblem == problem)
                return;
            _storeProblem = problem;
            _status = _status with { Reason = ScoringReason() };
        }
    }

    /// <summary>Says beside the version that scores that another process trains the next one, until a retraining here begins or is not needed.</summary>
    public void ShowOtherTraining(string training)
    {
        lock (_swap)
        {
            _otherTraining = training;
            _status = _status with { Reason = ScoringReason() };
        }
    }

    private void ShowScoring(bool isRetraining)
    {
        lock (_swap)
            _status = _status with { Reason = ScoringReason(), Retraining = isRetraining, Progress = null };
    }

    private string ScoringReason() => $"scoring with version {Manifest?.Version}"
        + (_storeProblem is null ? "" : $", {_storeProblem}")
        + (_clockProblem is null ? "" : $"; {_clockProblem}")
        + (_otherTraining is null ? "" : $"; {_otherTraining}")
        + (_retrainingProblem is null ? "" : $"; the last retraining gave none: {_retrainingProblem}");
}

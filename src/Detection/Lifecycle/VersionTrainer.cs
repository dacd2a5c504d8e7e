using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Replicas;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Trains and stores versions, within a deadline, on a thread beside scoring.</summary>
internal sealed class VersionTrainer(DetectorContext context, IModelStore store, IModelFitter fitter, CurrentModel current)
{
    private Task? _thread;

    /// <summary>Names for the metrics what a training that threw came to.</summary>
    public static string OutcomeOf(Exception e) => e is TimeoutException ? "deadline" : "failed";

    /// <summary>Trains a version, stores it and lets it score.</summary>
    /// <param name="trigger">Why: "bootstrap", "schedule", "request".</param>
    /// <param name="window">What it learns from; empty afterwards.</param>
    /// <param name="flagged">What was left out, or null.</param>
    /// <param name="ranges">Where the window lies.</param>
    /// <param name="lease">The turn to do so; null where nobody shares the models.</param>
    /// <param name="stored">Called once it is stored, before it scores; or null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    /// <exception cref="IOException">It cannot be stored, or is another process's turn by now.</exception>
    public async Task TrainAsync(
        string trigger, RecordBatch window, RecordBatch? flagged, IReadOnlyList<HistoryRange> ranges, TrainingLease? lease, Action? stored, CancellationToken cancellationToken)
    {
        DetectorLog.TrainingStarted(context.Logger, context.Name, trigger, window.Count, flagged?.Count ?? 0);
        var limit = context.Options.Training.Deadline;
        using var deadline = new CancellationTokenSource(limit, context.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, lease?.Lost ?? CancellationToken.None);
        var token = ending.Token;
        var progress = new TrainingObserver(context.Time, current.Report);
        try
        {
            var trained = await RunAsync(
                () => DetectorTrainer.Train(context.Spec, context.Options, window, flagged, context.Time, progress, fitter, token), token).ConfigureAwait(false);
            lease?.Confirm();
            current.Activate(
                () =>
                {
                    var manifest = store.Save(trained.Describe(context.Name, trigger, context.Time.GetUtcNow(), flagged?.Count ?? 0, ranges), trained.Model);
                    return new ModelSnapshot(manifest, trained.Encoder, trained.Frozen, trained.Threshold);
                },
                stored);
        }
        catch (OperationCanceledException e) when (lease?.Loss is { } loss && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(loss, e);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The training was given up after {LifecycleText.Duration(limit)} (training.deadline). Raise it, or lower training.max_records or fit.max_steps.", e);
        }
    }

    /// <summary>Works on the training thread.</summary>
    /// <remarks>Does not wait for work that ignores its cancellation; but nothing else starts beside it.</remarks>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (_thread is { IsCompleted: false })
            throw new InvalidOperationException($"The former training of detector '{context.Name}' has not ended yet. Try again later; restart the process if it never does.");
        var task = TrainingThread.RunAsync("train " + context.Name, work);
        _thread = task;
        var value = await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        // It would hold what it gave, rows and networks, until the next training.
        _thread = null;
        return value;
    }
}

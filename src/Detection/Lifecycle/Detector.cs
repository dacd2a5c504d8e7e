using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Replicas;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Training;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Scores one stream with its current model, explains and publishes what is anomalous, and retrains in the background.</summary>
/// <remarks>
/// <see cref="BatchJudge"/> does what happens to a batch, <see cref="FirstVersion"/>, <see cref="Retraining"/> and <see cref="StoredVersions"/> what happens beside it; they meet
/// in <see cref="CurrentModel"/>.
/// </remarks>
public sealed class Detector : IRecordProcessor, IAsyncDisposable
{
    // Without a key a partition is one sequence, and its windows are filled soon; the rest is room for what holds no record: tombstones and bad ones.
    private const int PastWindowsOfAPartition = 16;

    private readonly DetectorContext _context;
    private readonly IModelStore _store;
    private readonly KeyWindows _windows;
    private readonly KeyHistory? _history;
    private readonly HistoryKeeper? _keeper;
    private readonly HistoryWatch? _historyWatch;
    private readonly CurrentModel _current;
    private readonly BatchJudge _judge;
    private readonly StoredVersions _storedVersions;
    private readonly TrainingTurns _turns;
    private readonly FirstVersion _firstVersion;
    private readonly Retraining _retraining;
    private readonly Lock _start = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task? _run;

    /// <summary>Creates a detector; loads nothing yet.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="store">Keeps model versions.</param>
    /// <param name="history">Reads training windows.</param>
    /// <param name="metrics">Receives measurements.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Receives logs.</param>
    /// <param name="fitter">Fits networks, or null for the engine of this process.</param>
    /// <param name="historyFolder">Folder that what is remembered of keys is kept in, this detector's own; null to keep it in memory only.</param>
    /// <param name="replicas">Where processes that share the store's folder tell one another of themselves, this detector's own; null where none does.</param>
    public Detector(
        DetectorOptions options,
        IModelStore store,
        IRecordHistory history,
        DetectionMetrics metrics,
        TimeProvider time,
        ILogger<Detector> logger,
        IModelFitter? fitter = null,
        string? historyFolder = null,
        ReplicaFolder? replicas = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        _context = new DetectorContext(options, metrics, time, logger);
        _store = store;
        _windows = new KeyWindows(options.WindowMemoryMib * 1024L * 1024, Spec);
        _current = new CurrentModel(_context, _windows);
        _history = Spec.History is null ? null : new KeyHistory(Spec);
        _historyWatch = _history is null ? null : new HistoryWatch(_context, _history);
        // Windows hold records with the features that they had; a file tells only what came after them.
        _keeper = _history is null || historyFolder is null || DeclaredWindow > 1 ? null : new HistoryKeeper(_context, _history, historyFolder);
        _judge = new BatchJudge(_context, _windows, _history);
        var trainer = new VersionTrainer(_context, store, fitter ?? NativeFitter.Instance, _current);
        var windows = new WindowReader(_context, history);
        _storedVersions = new StoredVersions(_context, store, _current);
        _turns = new TrainingTurns(_context, replicas);
        _firstVersion = new FirstVersion(_context, _storedVersions, windows, trainer, _turns, _current);
        _retraining = new Retraining(_context, store, windows, trainer, _turns, _current);
        metrics.Attach(this);
    }

    /// <summary>Gets the options.</summary>
    public DetectorOptions Options => _context.Options;

    /// <inheritdoc/>
    public FeatureSpec Spec => _context.Spec;

    /// <inheritdoc/>
    public bool IsReady => _current.Active is not null;

    /// <summary>Gets where the detector stands; may be read by any thread.</summary>
    public DetectorStatus Status => _current.Status;

    /// <summary>Gets what should be known of the records that come, in one sentence with what to do; null where nothing should. May be read by any thread.</summary>
    public string? Notice => _historyWatch?.Notice;

    /// <summary>Gets whether other processes at work have the same models; may be read by any thread.</summary>
    public bool SharesModels => _turns.HasOthers;

    internal KeyValuePair<string, object?> Tag => _context.Tag;

    internal ModelManifest? Manifest => _current.Manifest;

    // A version dated in the future has no age that means anything.
    internal TimeSpan? ModelAge =>
        Manifest is { } manifest && _context.Time.GetUtcNow() is var now && !VersionDates.IsAhead(manifest, now) ? now - manifest.CreatedAt : null;

    internal int OpenEpisodes => _judge.OpenEpisodes;

    internal long EpisodeBytes => _judge.EpisodeBytes;

    internal long EvictedEpisodes => _judge.EvictedEpisodes;

    internal KeyHistory? History => _history;

    internal int SequenceKeys => _windows.Count;

    internal long EvictedKeys => _windows.Evicted;

    /// <summary>Loads the current version, or trains the first one from history (waiting for enough records), then retrains on schedule and on request until cancelled.</summary>
    /// <param name="cancellationToken">Ends the work; the task then completes without an exception.</param>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        lock (_start)
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
        return _retraining.Request(trigger);
    }

    /// <summary>Swaps to an older version between two batches.</summary>
    /// <param name="version">Version, or null for the one before.</param>
    /// <returns>The version that scores now.</returns>
    /// <exception cref="KeyNotFoundException">There is no such version; the message lists those there are.</exception>
    /// <exception cref="AEAnomaly.Models.Persistence.ModelFileException">The version cannot be used; the one that scored goes on.</exception>
    /// <exception cref="SpecMismatchException">The version was trained for other fields; the one that scored goes on.</exception>
    /// <exception cref="IOException">The store cannot be written; the version that scored goes on.</exception>
    public string Rollback(string? version) => _current.Rollback(_store, version);

    /// <inheritdoc/>
    public PastWanted Begin(string topic, int partition, string? topicId, long first)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var window = Math.Max(DeclaredWindow, _current.Active?.Snapshot.Model.Window ?? 1);
        var records = window == 1 ? 0 : Spec.EntityField < 0 ? Math.Min(Options.WindowRebuildRecords, PastWindowsOfAPartition * window) : Options.WindowRebuildRecords;
        if (_history is null)
            return new PastWanted(records);
        return window == 1 && _keeper?.TakeOver(topic, partition, topicId, first) is { } offset
            ? new PastWanted(0, FromOffset: offset)
            : new PastWanted(records, Options.History!.Rebuild ?? 2 * Spec.History!.Longest);
    }

    /// <inheritdoc/>
    public void Committed(string topic, int partition, long offset) => _keeper?.Committed(topic, partition, offset);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No model is loaded.</exception>
    public void Process(RecordBatch batch, IAlertSink alerts)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(alerts);

        // Read once: the whole batch is judged by one version.
        _judge.Process(batch, RequireModel(), alerts);
        _keeper?.Advance(isTick: false);
    }

    /// <inheritdoc/>
    public void Tick(IAlertSink alerts)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        _judge.Tick(alerts);
        _keeper?.Advance(isTick: true);
        _historyWatch?.Look();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No model is loaded.</exception>
    public void Recall(RecordBatch past)
    {
        ArgumentNullException.ThrowIfNull(past);
        _judge.Recall(past, RequireModel());
    }

    /// <inheritdoc/>
    public TimeSpan PastAlerts => Options.Alerts.EpisodeGap;

    /// <inheritdoc/>
    public void RecallAlert(ReadOnlyMemory<byte> value, IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        _judge.RecallAlert(value, partitions);
    }

    /// <inheritdoc/>
    public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions, ForgetReason reason)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        if (reason == ForgetReason.GivenAway)
            _keeper?.HandOver(partitions);
        else if (reason == ForgetReason.AnotherLog)
            _keeper?.Discard(partitions);
        else
            _keeper?.Release(partitions);
        _windows.Forget(partitions);
        _history?.Forget(partitions);
        _judge.Forget(partitions);
    }

    /// <summary>Ends the background work and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        _context.Metrics.Detach(this);
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_run is { } run)
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_keeper is not null)
            await _keeper.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private int DeclaredWindow => Options.Model is null ? 1 : SequenceOptions.WindowOf(Options.Model);

    private ActiveModel RequireModel() =>
        _current.Active ?? throw new InvalidOperationException($"Detector '{Options.Name}' has no model yet; hand over records only while IsReady.");

    private async Task RunToEndAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await (_turns.AreShared ? TogetherAsync([WorkAsync, _turns.AnnounceAsync], ending.Token) : WorkAsync(ending.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            DetectorLog.Stopped(_context.Logger, Options.Name);
        }
        catch (Exception exception) when (ending.IsCancellationRequested)
        {
            // Whoever was told to end may say so by the error of what it was doing: no broker answers, a file is half written.
            DetectorLog.StoppedDuring(_context.Logger, exception, Options.Name);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await _firstVersion.ActivateAsync(cancellationToken).ConfigureAwait(false);
        await TrainingMemory.GiveBackAsync().ConfigureAwait(false);
        await (_turns.AreShared ? TogetherAsync([_retraining.RunAsync, _storedVersions.FollowAsync], cancellationToken) : _retraining.RunAsync(cancellationToken)).ConfigureAwait(false);
    }

    // None ends but by the token or by an error, which ends the others.
    private static async Task TogetherAsync(Func<CancellationToken, Task>[] parts, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Array.ConvertAll(parts, part => part(ending.Token));
        await Task.WhenAny(running).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
    }
}

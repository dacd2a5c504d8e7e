using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Models.Training;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Scores one stream: holds the current model snapshot behind one volatile field, decides, explains, publishes, and retrains in the background.</summary>
public sealed partial class Detector : IRecordProcessor, IAsyncDisposable
{
    private readonly IModelStore _store;
    private readonly IRecordHistory _history;
    private readonly IModelFitter _fitter;
    private readonly DetectionMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<Detector> _logger;
    private readonly AlertSubjects _subjects;
    private readonly AlertWriter _writer;
    private readonly EpisodeTracker _episodes;
    private readonly KeyValuePair<string, object?> _tag;

    private volatile ActiveModel? _active;
    private long _scoredRecords;

    /// <summary>Creates a detector; loads nothing yet.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="store">Keeps model versions.</param>
    /// <param name="history">Reads training windows.</param>
    /// <param name="metrics">Receives measurements.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Receives logs.</param>
    /// <param name="fitter">Fits networks, or null for the engine of this process.</param>
    public Detector(
        DetectorOptions options,
        IModelStore store,
        IRecordHistory history,
        DetectionMetrics metrics,
        TimeProvider time,
        ILogger<Detector> logger,
        IModelFitter? fitter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        Options = options;
        Spec = new FeatureSpec(options.Fields);
        _store = store;
        _history = history;
        _fitter = fitter ?? NativeFitter.Instance;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _subjects = new AlertSubjects(Spec, options.Name, options.Alerts);
        _writer = new AlertWriter(Spec, options.Name, options.Alerts, time);
        _episodes = new EpisodeTracker(options.Name, options.Alerts, time);
        _windows = new KeyWindows(options.WindowMemoryMib * 1024L * 1024, Spec);
        _tag = new("detector", options.Name);
        _status = new DetectorStatus(DetectorState.Warming, "not started", null, null, null, false);
        metrics.Attach(this);
    }

    /// <summary>Gets the options.</summary>
    public DetectorOptions Options { get; }

    /// <inheritdoc/>
    public FeatureSpec Spec { get; }

    /// <inheritdoc/>
    public bool IsReady => _active is not null;

    /// <summary>Gets where the detector stands; may be read by any thread.</summary>
    public DetectorStatus Status => _status;

    internal KeyValuePair<string, object?> Tag => _tag;

    internal ModelManifest? Manifest => _active?.Snapshot.Manifest;

    // A version dated in the future has no age that means anything.
    internal TimeSpan? ModelAge => Manifest is { } manifest && _time.GetUtcNow() is var now && !VersionDates.IsAhead(manifest, now) ? now - manifest.CreatedAt : null;

    internal int OpenEpisodes => _episodes.Open;

    internal long EvictedEpisodes => _episodes.Evicted;

    /// <summary>Swaps to an older version between two batches.</summary>
    /// <param name="version">Version, or null for the one before.</param>
    /// <returns>The version that scores now.</returns>
    /// <exception cref="KeyNotFoundException">There is no such version; the message lists those there are.</exception>
    /// <exception cref="AEAnomaly.Models.Persistence.ModelFileException">The version cannot be used; the one that scored goes on.</exception>
    /// <exception cref="SpecMismatchException">The version was trained for other fields; the one that scored goes on.</exception>
    /// <exception cref="IOException">The store cannot be written; the version that scored goes on.</exception>
    public string Rollback(string? version)
    {
        lock (_swap)
        {
            var before = Manifest?.Version;
            var target = _store.Rollback(Options.Name, version);
            ModelSnapshot? snapshot = null;
            try
            {
                snapshot = _store.Load(Options.Name, target, Spec)
                    ?? throw new KeyNotFoundException($"Detector '{Options.Name}' has no version '{target}' any more.");
            }
            finally
            {
                // The stored pointer must not name what cannot score.
                if (snapshot is null && before is not null)
                    _store.Rollback(Options.Name, before);
            }

            Log.RolledBack(_logger, Options.Name, before ?? "none", target);
            Activate(snapshot);
            return target;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No model is loaded.</exception>
    public void Process(RecordBatch batch, IAlertSink alerts)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(alerts);

        // Read once: the whole batch is judged by one version.
        var active = FindUnfinished(batch) ?? _active ?? throw new InvalidOperationException($"Detector '{Options.Name}' has no model yet; hand over records only while IsReady.");
        if (batch.Count == 0)
            return;

        var started = _time.GetTimestamp();
        var threshold = active.Snapshot.Threshold;
        var scores = ScoreOnce(active, batch);
        var anomalies = 0;
        for (var row = 0; row < scores.Length; row++)
        {
            // Written so that a score that is not a number counts as an anomaly, not as normal.
            if (!(threshold.Ratio(scores[row]) <= 1))
            {
                Raise(active, batch, row, scores[row], alerts);
                anomalies++;
            }
        }

        _unfinished = null;
        MeasureRatios(scores, threshold.Value);
        _metrics.Scored(_tag, batch.Count, active.Scorer, anomalies, _time.GetElapsedTime(started));
    }

    /// <inheritdoc/>
    public void Tick(IAlertSink alerts)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        _episodes.Tick();
        PublishClosings(alerts);
    }

    /// <summary>Ends the background work and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        _metrics.Detach(this);
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_run is { } run)
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private void Raise(ActiveModel active, RecordBatch batch, int row, float score, IAlertSink alerts)
    {
        var manifest = active.Snapshot.Manifest;
        var grade = AnomalyGrade.Of(score, active.Snapshot.Threshold);
        var explanation = active.Explainer.Explain(batch, row, active.Scorer);
        var subject = _subjects.Of(batch, row, explanation);
        var origin = batch.Origins[row];
        var id = _writer.IdOf(origin, manifest.Version);
        var member = new EpisodeMember(origin, _episodes.TimeOf(batch, row), id, manifest.Version, grade.Ratio, grade.Severity);
        var position = _episodes.Add(subject, member);

        // What the anomaly ended comes before it.
        PublishClosings(alerts);
        alerts.Publish(_writer.Write(new Anomaly(id, batch, row, manifest, grade, explanation, subject, position)));
        _metrics.Alerted(_tag, AlertWriter.ActionOf(position), grade.Severity);
    }

    private void PublishClosings(IAlertSink alerts)
    {
        while (_episodes.TryPeekClosing(out var closing))
        {
            alerts.Publish(_writer.WriteClosed(closing));
            _episodes.RemoveClosing();
            _metrics.Alerted(_tag, "close", closing.Episode.MaxSeverity);
        }
    }

    private void MeasureRatios(ReadOnlySpan<float> scores, double threshold)
    {
        if (_metrics.MeasuresRatios)
        {
            var behind = (int)(_scoredRecords % DetectionMetrics.RatioSampling);
            for (var row = behind == 0 ? 0 : DetectionMetrics.RatioSampling - behind; row < scores.Length; row += DetectionMetrics.RatioSampling)
            {
                if (RecordScorer.IsJudged(scores[row]))
                    _metrics.Ratio(_tag, scores[row] / threshold);
            }
        }

        _scoredRecords += scores.Length;
    }
}

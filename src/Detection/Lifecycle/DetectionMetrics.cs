using System.Diagnostics.Metrics;
using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Scoring;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Measures detection; instruments are listed in docs/metrics.md. Labels are bounded: detector, state, outcome, never an entity.</summary>
public sealed class DetectionMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "AEAnomaly.Detection";

    // A measurement costs about as much as scoring a small record; one in sixteen shows the distribution as well.
    internal const int RatioSampling = 16;

    /// <summary>What became of a file of remembered keys.</summary>
    internal const string FileWritten = "written", FileFailed = "failed", FileTaken = "taken_over", FileRefused = "refused";

    private static readonly string[] AlertActions = ["open", "update", "close"];
    private static readonly string[] TrainingTriggers = ["bootstrap", "schedule", "request"];
    private static readonly string[] TrainingOutcomes = ["promoted", "refused", "failed", "deadline"];

    private readonly Lock _gate = new();
    private readonly List<Detector> _detectors = [];
    private readonly Counter<long> _recordsScored;
    private readonly Counter<long> _recordsWarming;
    private readonly Counter<long> _recordsUnjudged;
    private readonly Counter<long> _anomalies;
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _missing;
    private readonly Counter<long> _unseen;
    private readonly Counter<long> _trainings;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _historyFiles;
    private readonly Histogram<double> _ratio;
    private readonly Histogram<double> _scoringDuration;
    private readonly Histogram<double> _trainingDuration;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Creates the meter "AEAnomaly.Detection".</param>
    public DetectionMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var meter = factory.Create(MeterName);
        _recordsScored = meter.CreateCounter<long>("aeanomaly.records.scored", "{record}", "Records scored.");
        _recordsWarming = meter.CreateCounter<long>("aeanomaly.records.warming", "{record}", "Records not scored because the window of their key was not full yet.");
        _recordsUnjudged = meter.CreateCounter<long>("aeanomaly.records.unjudged", "{record}", "Records not scored because they had none of the features.");
        _anomalies = meter.CreateCounter<long>("aeanomaly.anomalies", "{record}", "Records with a ratio above 1.");
        _alerts = meter.CreateCounter<long>("aeanomaly.alerts", "{alert}", "Alerts handed to the output, by action and severity.");
        _missing = meter.CreateCounter<long>("aeanomaly.values.missing", "{value}", "Feature values that records lacked.");
        _unseen = meter.CreateCounter<long>("aeanomaly.values.unseen", "{value}", "Categories that never occurred in training.");
        _trainings = meter.CreateCounter<long>("aeanomaly.trainings", "{training}", "Trainings that ended, by trigger and outcome.");
        _fallbacks = meter.CreateCounter<long>("aeanomaly.training.fallbacks", "{training}", "Trainings that the native engine did because the device asked for could not be used, or failed.");
        _historyFiles = meter.CreateCounter<long>("aeanomaly.history.files", "{file}", "Files of remembered keys, one for each partition, by outcome: written, failed, taken_over, refused.");
        _ratio = Histogram(meter, "aeanomaly.score.ratio", null, "Score over threshold of every sixteenth record; above 1 is an anomaly.",
            0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2, 3, 5, 10, 30, 100);
        _scoringDuration = Histogram(meter, "aeanomaly.scoring.duration", "s", "Time to score a batch, decide and hand over its alerts.",
            0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1);
        _trainingDuration = Histogram(meter, "aeanomaly.training.duration", "s", "Time of a training, reading its window included.",
            1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600);
        meter.CreateObservableGauge("aeanomaly.detector.state", ObserveState, null, "1 for the state a detector is in, 0 for the others.");
        meter.CreateObservableGauge("aeanomaly.detector.retraining", ObserveRetraining, null, "1 while a training runs beside scoring.");
        meter.CreateObservableGauge("aeanomaly.model.info", ObserveModel, null, "1 for the version that scores.");
        meter.CreateObservableGauge("aeanomaly.model.age", ObserveAge, "s", "Time since the version that scores was trained.");
        meter.CreateObservableGauge("aeanomaly.model.threshold", ObserveThreshold, null, "Threshold of the version that scores, in its own score.");
        meter.CreateObservableGauge("aeanomaly.episodes.open", ObserveOpenEpisodes, "{episode}", "Open episodes.");
        meter.CreateObservableGauge("aeanomaly.episodes.held", ObserveEpisodeBytes, "By", "About how many bytes the open episodes take.");
        meter.CreateObservableCounter("aeanomaly.episodes.evicted", ObserveEvictedEpisodes, "{episode}", "Episodes closed because too many were open, or they took too much memory.");
        meter.CreateObservableGauge("aeanomaly.sequence.keys", ObserveSequenceKeys, "{key}", "Keys whose last records are held for windows.");
        meter.CreateObservableCounter("aeanomaly.sequence.keys.evicted", ObserveEvictedKeys, "{key}", "Keys that left because window_memory_mib was full.");
        meter.CreateObservableGauge("aeanomaly.history.keys", () => ObserveHistory(history => history.Keys), "{key}", "Keys whose history is remembered.");
        meter.CreateObservableGauge("aeanomaly.history.size", () => ObserveHistory(history => history.Bytes), "By", "Memory that the history of all keys takes.");
        meter.CreateObservableCounter("aeanomaly.history.keys.evicted", () => ObserveHistory(history => history.Evicted), "{key}", "Keys forgotten because history.memory_mib was full.");
        meter.CreateObservableCounter("aeanomaly.history.records.late", () => ObserveHistory(history => history.Late), "{record}", "Records older than one of their key that came before.");
        meter.CreateObservableCounter("aeanomaly.history.records.ahead", () => ObserveHistory(history => history.Ahead), "{record}", "Records dated so far ahead that the broker's time counted.");
        meter.CreateObservableCounter("aeanomaly.history.records.scattered", () => ObserveHistory(history => history.Scattered), "{record}", "Records that came in another partition than the one of their key before.");
    }

    /// <summary>Counts a training that the native engine did in place of the device asked for.</summary>
    /// <param name="detector">Name of the detector.</param>
    public void TrainingFellBack(string detector) => _fallbacks.Add(1, new KeyValuePair<string, object?>("detector", detector));

    internal void Attach(Detector detector)
    {
        lock (_gate)
            _detectors.Add(detector);

        // A counter that first appears with its first event hides that event from rate() and increase().
        var tag = detector.Tag;
        _recordsScored.Add(0, tag);
        _recordsWarming.Add(0, tag);
        _recordsUnjudged.Add(0, tag);
        _anomalies.Add(0, tag);
        _missing.Add(0, tag);
        _unseen.Add(0, tag);
        _fallbacks.Add(0, tag);
        foreach (var action in AlertActions)
        {
            foreach (var severity in Enum.GetValues<Severity>())
                _alerts.Add(0, tag, new("action", action), new("severity", AlertWriter.NameOf(severity)));
        }

        if (detector.History is not null)
        {
            foreach (var outcome in (string[])[FileWritten, FileFailed, FileTaken, FileRefused])
                _historyFiles.Add(0, tag, new("outcome", outcome));
        }

        foreach (var trigger in TrainingTriggers)
        {
            foreach (var outcome in TrainingOutcomes)
                _trainings.Add(0, tag, new("trigger", trigger), new("outcome", outcome));
        }
    }

    internal void Detach(Detector detector)
    {
        lock (_gate)
            _detectors.Remove(detector);
    }

    /// <summary>Counts a batch.</summary>
    /// <param name="detector">Name of the detector.</param>
    /// <param name="records">Records of the batch.</param>
    /// <param name="scorer">What scored it.</param>
    /// <param name="anomalies">Records above the threshold.</param>
    /// <param name="duration">Time to score it, decide and hand over its alerts.</param>
    internal void Scored(in KeyValuePair<string, object?> detector, int records, RecordScorer scorer, int anomalies, TimeSpan duration)
    {
        _recordsScored.Add(records - scorer.WarmingRecords - scorer.UnjudgedRecords, detector);
        _anomalies.Add(anomalies, detector);
        if (scorer.WarmingRecords > 0)
            _recordsWarming.Add(scorer.WarmingRecords, detector);
        if (scorer.UnjudgedRecords > 0)
            _recordsUnjudged.Add(scorer.UnjudgedRecords, detector);
        if (scorer.MissingValues > 0)
            _missing.Add(scorer.MissingValues, detector);
        if (scorer.UnseenValues > 0)
            _unseen.Add(scorer.UnseenValues, detector);
        _scoringDuration.Record(duration.TotalSeconds, detector);
    }

    internal void HistoryFile(in KeyValuePair<string, object?> detector, string outcome) => _historyFiles.Add(1, detector, new("outcome", outcome));

    internal bool MeasuresRatios => _ratio.Enabled;

    internal void Ratio(in KeyValuePair<string, object?> detector, double ratio) => _ratio.Record(ratio, detector);

    internal void Alerted(in KeyValuePair<string, object?> detector, string action, Severity severity) =>
        _alerts.Add(1, detector, new("action", action), new("severity", AlertWriter.NameOf(severity)));

    internal void Trained(in KeyValuePair<string, object?> detector, string trigger, string outcome, TimeSpan duration)
    {
        _trainings.Add(1, detector, new("trigger", trigger), new("outcome", outcome));
        _trainingDuration.Record(duration.TotalSeconds, detector, new("outcome", outcome));
    }

    private static Histogram<double> Histogram(Meter meter, string name, string? unit, string description, params double[] boundaries) =>
        meter.CreateHistogram(name, unit, description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });

    private Detector[] Attached()
    {
        lock (_gate)
            return [.. _detectors];
    }

    private IEnumerable<Measurement<long>> ObserveState()
    {
        foreach (var detector in Attached())
        {
            var current = detector.Status.State;
            foreach (var state in Enum.GetValues<DetectorState>())
                yield return new(state == current ? 1 : 0, detector.Tag, new("state", NameOf(state)));
        }
    }

    private IEnumerable<Measurement<long>> ObserveRetraining() =>
        Attached().Select(detector => new Measurement<long>(detector.Status.Retraining ? 1 : 0, detector.Tag));

    private IEnumerable<Measurement<long>> ObserveModel() =>
        from detector in Attached()
        let manifest = detector.Manifest
        where manifest is not null
        select new Measurement<long>(1, detector.Tag, new("version", manifest.Version), new("variant", manifest.Network.Variant), new("device", manifest.Network.Report.Device));

    private IEnumerable<Measurement<double>> ObserveAge() =>
        from detector in Attached()
        let age = detector.ModelAge
        where age is not null
        select new Measurement<double>(age.Value.TotalSeconds, detector.Tag);

    private IEnumerable<Measurement<double>> ObserveThreshold() =>
        from detector in Attached()
        let manifest = detector.Manifest
        where manifest is not null
        select new Measurement<double>(manifest.Threshold.Value, detector.Tag);

    private IEnumerable<Measurement<long>> ObserveOpenEpisodes() =>
        Attached().Select(detector => new Measurement<long>(detector.OpenEpisodes, detector.Tag));

    private IEnumerable<Measurement<long>> ObserveEpisodeBytes() =>
        Attached().Select(detector => new Measurement<long>(detector.EpisodeBytes, detector.Tag));

    private IEnumerable<Measurement<long>> ObserveEvictedEpisodes() =>
        Attached().Select(detector => new Measurement<long>(detector.EvictedEpisodes, detector.Tag));

    private IEnumerable<Measurement<long>> ObserveSequenceKeys() =>
        Attached().Select(detector => new Measurement<long>(detector.SequenceKeys, detector.Tag));

    private IEnumerable<Measurement<long>> ObserveEvictedKeys() =>
        Attached().Select(detector => new Measurement<long>(detector.EvictedKeys, detector.Tag));

    private IEnumerable<Measurement<long>> ObserveHistory(Func<KeyHistory, long> measure) =>
        from detector in Attached()
        let history = detector.History
        where history is not null
        select new Measurement<long>(measure(history), detector.Tag);

    private static string NameOf(DetectorState state) => state switch
    {
        DetectorState.Warming => "warming",
        DetectorState.Training => "training",
        DetectorState.Scoring => "scoring",
        DetectorState.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state."),
    };
}

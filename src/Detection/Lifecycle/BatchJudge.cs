using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Judges batches: scores, decides, explains, groups anomalies to episodes, writes alerts. Used by the one thread that feeds the detector.</summary>
/// <param name="context">Detector.</param>
/// <param name="windows">Windows of the keys, of variants that read several records at a time.</param>
/// <param name="history">What keys did before, or null where a record is judged alone.</param>
internal sealed class BatchJudge(DetectorContext context, KeyWindows windows, KeyHistory? history)
{
    private readonly AlertSubjects _subjects = new(context.Spec, context.Name, context.Options.Alerts);
    private readonly AlertWriter _writer = new(context.Spec, context.Name, context.Options.Alerts, context.Time);
    private readonly EpisodeTracker _episodes = new(context.Name, context.Options.Alerts, context.Time);
    private long _scoredRecords;

    // A batch that could not be scored comes again too, with the features that it was given.
    private (RecordBatch Batch, int Count, RecordOrigin Last)? _remembered;

    // A batch whose alerts could not all be handed over comes again, and its records must not stand in a window twice.
    private (RecordBatch Batch, int Count, RecordOrigin Last, ActiveModel Active)? _unfinished;

    public int OpenEpisodes => _episodes.Open;

    public long EvictedEpisodes => _episodes.Evicted;

    /// <summary>Judges a batch by one version, the current one; a batch that comes again, by the one that scored it.</summary>
    public void Process(RecordBatch batch, ActiveModel current, IAlertSink alerts)
    {
        if (batch.Count == 0)
            return;

        var started = context.Time.GetTimestamp();
        var unfinished = FindUnfinished(batch);
        var active = unfinished ?? current;
        var threshold = active.Snapshot.Threshold;
        var scores = unfinished is null ? Score(active, batch) : unfinished.Scorer.Scores;
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
        _remembered = null;
        MeasureRatios(scores, threshold.Value);
        context.Metrics.Scored(context.Tag, batch.Count, active.Scorer, anomalies, context.Time.GetElapsedTime(started));
    }

    /// <summary>Ends episodes that nothing was added to for long.</summary>
    public void Tick(IAlertSink alerts)
    {
        _episodes.Tick();
        PublishClosings(alerts);
    }

    /// <summary>Fills windows with records that were judged before.</summary>
    public void Recall(RecordBatch past, ActiveModel current)
    {
        DropUnreadWindows(current);
        history?.Take(past);
        current.Scorer.Recall(past);
    }

    private ActiveModel? FindUnfinished(RecordBatch batch) =>
        _unfinished is { } unfinished && ReferenceEquals(unfinished.Batch, batch) && unfinished.Count == batch.Count && unfinished.Last == batch.Origins[^1]
            ? unfinished.Active
            : null;

    private ReadOnlySpan<float> Score(ActiveModel active, RecordBatch batch)
    {
        DropUnreadWindows(active);
        Remember(batch);
        try
        {
            var scores = active.Scorer.Score(batch);
            _unfinished = (batch, batch.Count, batch.Origins[^1], active);
            return scores;
        }
        catch
        {
            // Nobody knows which of the records the windows hold.
            windows.Clear();
            throw;
        }
    }

    private void Remember(RecordBatch batch)
    {
        if (history is null || (_remembered is { } known && ReferenceEquals(known.Batch, batch) && known.Count == batch.Count && known.Last == batch.Origins[^1]))
            return;
        history.Take(batch);
        _remembered = (batch, batch.Count, batch.Origins[^1]);
    }

    // A version of single records does not go on with the windows of one before: what comes meanwhile would be missing in them.
    private void DropUnreadWindows(ActiveModel active)
    {
        if (active.Snapshot.Model.Window == 1 && windows.Count > 0)
            windows.Clear();
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
        context.Metrics.Alerted(context.Tag, AlertWriter.ActionOf(position), grade.Severity);
    }

    private void PublishClosings(IAlertSink alerts)
    {
        while (_episodes.TryPeekClosing(out var closing))
        {
            alerts.Publish(_writer.WriteClosed(closing));
            _episodes.RemoveClosing();
            context.Metrics.Alerted(context.Tag, "close", closing.Episode.MaxSeverity);
        }
    }

    private void MeasureRatios(ReadOnlySpan<float> scores, double threshold)
    {
        if (context.Metrics.MeasuresRatios)
        {
            var behind = (int)(_scoredRecords % DetectionMetrics.RatioSampling);
            for (var row = behind == 0 ? 0 : DetectionMetrics.RatioSampling - behind; row < scores.Length; row += DetectionMetrics.RatioSampling)
            {
                if (RecordScorer.IsJudged(scores[row]))
                    context.Metrics.Ratio(context.Tag, scores[row] / threshold);
            }
        }

        _scoredRecords += scores.Length;
    }
}

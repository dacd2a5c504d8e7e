using System.Diagnostics.CodeAnalysis;
using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Thresholds;

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
    private readonly List<int> _anomalies = [];
    private long _scoredRecords;

    // A batch that could not be scored comes again too, whole or record by record, with the features that it was given.
    private BatchMark? _remembered;

    // A batch whose alerts could not all be handed over comes again, and its records must not stand in a window twice.
    private (BatchMark Mark, ActiveModel Active)? _unfinished;

    public int OpenEpisodes => _episodes.Open;

    public long EpisodeBytes => _episodes.Bytes;

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
        FindAnomalies(scores, threshold);
        active.Explainer.Begin(batch, _anomalies, active.Scorer);
        for (int row = 0, found = 0; row < scores.Length; row++)
        {
            var isAnomaly = found < _anomalies.Count && _anomalies[found] == row;
            var isToldOf = !isAnomaly || TryRaise(active, batch, found++, scores[row], alerts);
            if (isToldOf && alerts.WantsScores)
                alerts.Score(row, Judgement(scores[row], isAnomaly, active.Snapshot));
        }

        _unfinished = null;
        if (_remembered?.IsWhole(batch) == true)
            _remembered = null;
        MeasureRatios(scores, threshold.Value);
        context.Metrics.Scored(context.Tag, batch.Count, active.Scorer, _anomalies.Count, context.Time.GetElapsedTime(started));
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
        history?.TakeMissed(past);
        current.Scorer.Recall(past);
    }

    /// <summary>Takes an alert that was published before; the older ones come first.</summary>
    public void RecallAlert(ReadOnlyMemory<byte> value, IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        // The end of an episode concerns whoever goes on with it.
        if (PublishedAlert.Read(value, context.Name, _subjects) is { } alert && (alert.Member is not { } member || partitions.Contains((member.Origin.Topic, member.Origin.Partition))))
            _episodes.Recall(alert);
    }

    /// <summary>Forgets the episodes that went on in partitions that another process reads from now on.</summary>
    public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        // What was remembered of them is forgotten too, and is to be taken when it is read again.
        _remembered = null;
        _episodes.Forget(partitions);
    }

    private ActiveModel? FindUnfinished(RecordBatch batch) =>
        _unfinished is (var mark, var active) && mark.IsWhole(batch) ? active : null;

    private ReadOnlySpan<float> Score(ActiveModel active, RecordBatch batch)
    {
        DropUnreadWindows(active);
        Remember(batch);
        try
        {
            var scores = active.Scorer.Score(batch);
            _unfinished = (new BatchMark(batch), active);
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
        if (history is null || _remembered is { } known && (known.IsWhole(batch) || known.Holds(batch)))
            return;
        history.Take(batch);
        _remembered = new BatchMark(batch);
    }

    // A version of single records does not go on with the windows of one before: what comes meanwhile would be missing in them.
    private void DropUnreadWindows(ActiveModel active)
    {
        if (active.Snapshot.Model.Window == 1 && windows.Count > 0)
            windows.Clear();
    }

    private void FindAnomalies(ReadOnlySpan<float> scores, Threshold threshold)
    {
        _anomalies.Clear();
        for (var row = 0; row < scores.Length; row++)
        {
            // Written so that a score that is not a number counts as an anomaly, not as normal.
            if (!(threshold.Ratio(scores[row]) <= 1))
                _anomalies.Add(row);
        }
    }

    private static RecordScore Judgement(float score, bool isAnomaly, ModelSnapshot snapshot)
    {
        if (!RecordScorer.IsJudged(score))
            return new RecordScore(RecordScorer.IsWarming(score) ? RecordScore.Warming : RecordScore.Unjudged, null, null, snapshot.Version);
        var finite = AnomalyGrade.Finite(score);
        return new RecordScore(isAnomaly ? RecordScore.Anomaly : RecordScore.Normal, finite, snapshot.Threshold.Ratio(finite), snapshot.Version);
    }

    /// <returns>False for a record that was refused.</returns>
    private bool TryRaise(ActiveModel active, RecordBatch batch, int anomaly, float score, IAlertSink alerts)
    {
        if (!TryWrite(active, batch, anomaly, score, alerts, out var alert, out var position, out var severity))
            return false;

        // What the anomaly ended comes before it.
        PublishClosings(alerts);
        alerts.Publish(alert);
        context.Metrics.Alerted(context.Tag, AlertWriter.ActionOf(position), severity);
        return true;
    }

    /// <returns>False for a record that cannot be explained or told of; it was refused, and leaves no trace in its episode.</returns>
    private bool TryWrite(
        ActiveModel active, RecordBatch batch, int anomaly, float score, IAlertSink alerts, [NotNullWhen(true)] out AlertMessage? alert, out EpisodePosition position, out Severity severity)
    {
        (alert, position, severity) = (null, default, default);
        var row = _anomalies[anomaly];
        try
        {
            var manifest = active.Snapshot.Manifest;
            var grade = AnomalyGrade.Of(score, active.Snapshot.Threshold);
            severity = grade.Severity;
            var explanation = active.Explainer.Explain(anomaly);
            var subject = _subjects.Of(batch, row, explanation);
            var origin = batch.Origins[row];
            var id = _writer.IdOf(origin, manifest.Version);
            position = _episodes.Add(subject, new EpisodeMember(origin, _episodes.TimeOf(batch, row), id, manifest.Version, grade.Ratio, grade.Severity));
            alert = _writer.Write(new Anomaly(id, batch, row, manifest, grade, explanation, subject, position));
            return true;
        }
        catch (Exception exception)
        {
            // One record must not stop all others; what cannot be told of goes where bad input goes, with the reason.
            if (position.Episode is not null)
                _episodes.Withdraw(position);
            alerts.Refuse(row, exception);
            return false;
        }
    }

    private void PublishClosings(IAlertSink alerts)
    {
        while (_episodes.TryPeekClosing(out var closing))
        {
            if (TryWriteClosed(closing) is { } alert)
            {
                alerts.Publish(alert);
                context.Metrics.Alerted(context.Tag, "close", closing.Episode.MaxSeverity);
            }

            _episodes.RemoveClosing();
        }
    }

    private AlertMessage? TryWriteClosed(in EpisodeClosing closing)
    {
        try
        {
            return _writer.WriteClosed(closing);
        }
        catch (Exception exception)
        {
            // It would be tried again for ever, and no other episode would end.
            DetectorLog.ClosingFailed(context.Logger, exception, context.Name, closing.Episode.Id);
            return null;
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

using AEAnomaly.Detection.Evaluation;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Detection.Training;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Host.Commands.Evaluation;

/// <summary>Trains on some rows of a labelled file and measures on others, along the path that the daemon scores on.</summary>
internal static class Evaluator
{
    private static readonly TimeSpan ShortestTiming = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs one evaluation; everything learned (encoder, network, threshold) comes from the training rows alone.</summary>
    public static (EvaluationResult Result, RecordBatch Test) Run(
        LoadedRecords loaded,
        bool[] labels,
        RowSplit split,
        TimeProvider time,
        IProgress<TrainingProgress>? progress,
        IModelFitter fitter,
        CancellationToken cancellationToken)
    {
        var training = SequenceRows.Take(loaded.Records, HistoryWarmUp.Without(loaded.Records, split.Training));
        var test = ReferenceEquals(split.Training, split.Test) && loaded.Spec.History is null ? training : SequenceRows.Take(loaded.Records, split.Test);
        RequireBoth(loaded, Array.ConvertAll(split.Test, row => labels[row]), split);

        var started = time.GetTimestamp();
        var trained = DetectorTrainer.Train(loaded.Spec, loaded.Detector, training, time, progress, fitter, cancellationToken);
        var fitTime = time.GetElapsedTime(started);

        var scorer = new RecordScorer(trained.Encoder, trained.Frozen);
        var all = scorer.Score(test).ToArray();
        var judged = Enumerable.Range(0, all.Length).Where(row => RecordScorer.IsJudged(all[row])).ToArray();
        var scores = Array.ConvertAll(judged, row => all[row]);
        var testLabels = Array.ConvertAll(judged, row => labels[split.Test[row]]);
        RequireBoth(loaded, testLabels, split);
        cancellationToken.ThrowIfCancellationRequested();
        var quality = DetectionQuality.Measure(scores, testLabels, trained.Threshold.Value);
        var result = new EvaluationResult
        {
            Source = loaded.Source,
            Variant = VariantCatalog.Describe(trained.Model.Variant).Name,
            Seed = loaded.Detector.Fit.Seed,
            Split = split.Description,
            Rows = loaded.Records.Count,
            Anomalies = labels.Count(l => l),
            Features = loaded.Spec.FeatureFields.Count,
            Inputs = trained.Encoder.Layout.Width,
            TrainingRows = training.Count,
            TestRows = judged.Length,
            TestAnomalies = testLabels.Count(l => l),
            WarmingRows = (int)scorer.WarmingRecords,
            UnjudgedRows = (int)scorer.UnjudgedRecords,
            Judged = judged,
            Quality = quality,
            Trained = trained,
            FitTime = fitTime,
            ScoreRowsPerSecond = MeasureRate(scorer, test, time),
            Scores = scores,
            Labels = testLabels,
        };
        return (result, test);
    }

    private static void RequireBoth(LoadedRecords loaded, bool[] labels, RowSplit split)
    {
        var anomalies = labels.Count(l => l);
        if (anomalies == 0 || anomalies == labels.Length)
        {
            throw new CommandFailedException(
                $"{loaded.Source}: all {labels.Length} test rows are {(anomalies == 0 ? "normal" : "anomalies")} ({split.Description}); measuring needs both.");
        }
    }

    // The first pass has warmed the code up; small files are scored until the clock says something.
    private static double MeasureRate(RecordScorer scorer, RecordBatch test, TimeProvider time)
    {
        var started = time.GetTimestamp();
        long rows = 0;
        do
        {
            scorer.Score(test);
            rows += test.Count;
        }
        while (time.GetElapsedTime(started) < ShortestTiming);
        return rows / time.GetElapsedTime(started).TotalSeconds;
    }
}

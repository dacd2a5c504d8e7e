using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Detection.Training;

/// <summary>Trains everything a detector scores with: encoder, network and threshold. Used by the daemon, and by the commands on files.</summary>
/// <remarks>
/// A window from which a previous version's anomalies were taken out has lost the top of its scores. A threshold learned from the rest alone would be lower each
/// time, so that each retraining flags more. The flagged records that belong to the asked share are therefore scored and counted, though nothing is learned from
/// them: with method quantile the mildest ones, as many as normal records are expected to be flagged; with method alert_rate all of them.
/// </remarks>
public static class DetectorTrainer
{
    // A second core is worth having where nobody waits for it; what comes out is the same.
    private const int MostThreads = 2;

    /// <summary>Records that single-record variants can be trained on, at least: enough to hold out what a threshold needs, and to learn from twice as many.</summary>
    public const int LeastRecords = 3 * TrainingGate.LeastHeldOutScores;

    /// <summary>Trains on a window of mostly normal records, on up to two threads.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="options">Options of the detector (variant, fit, threshold).</param>
    /// <param name="window">Training records.</param>
    /// <param name="time">Clock.</param>
    /// <param name="progress">Receives progress, or null.</param>
    /// <param name="fitter">Fits the network, or null for the engine of this process.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The window is too small or carries no information, or the variant names fields that are none.</exception>
    /// <exception cref="TrainingFailedException">The fit failed, or what it gave cannot tell normal from anomalous.</exception>
    /// <exception cref="TrainingDeviceException">The device that was to fit cannot be used, or failed.</exception>
    public static TrainedDetector Train(
        FeatureSpec spec,
        DetectorOptions options,
        RecordBatch window,
        TimeProvider time,
        IProgress<TrainingProgress>? progress = null,
        IModelFitter? fitter = null,
        CancellationToken cancellationToken = default) =>
        TrainFrom(spec, options, window, null, time, progress, fitter, cancellationToken);

    /// <summary>Trains on a window from which a previous version's anomalies were taken out, on the calling thread alone: beside a stream that has to be scored.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="options">Options of the detector (variant, fit, threshold).</param>
    /// <param name="window">Training records. They are let go of once they are encoded, since the fit takes as much memory again: the batch is empty afterwards.</param>
    /// <param name="flagged">Records that were taken out, by ascending ratio, or null; they only count for the threshold.</param>
    /// <param name="time">Clock.</param>
    /// <param name="progress">Receives progress, or null.</param>
    /// <param name="fitter">Fits the network, or null for the engine of this process.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The window is too small or carries no information, or the variant names fields that are none.</exception>
    /// <exception cref="TrainingFailedException">The fit failed, or what it gave cannot tell normal from anomalous.</exception>
    /// <exception cref="TrainingDeviceException">The device that was to fit cannot be used, or failed.</exception>
    public static TrainedDetector Train(
        FeatureSpec spec,
        DetectorOptions options,
        RecordBatch window,
        RecordBatch? flagged,
        TimeProvider time,
        IProgress<TrainingProgress>? progress = null,
        IModelFitter? fitter = null,
        CancellationToken cancellationToken = default) =>
        Train(spec, options, window, true, flagged, null, new FitContext(time, progress), fitter ?? NativeFitter.Instance, cancellationToken);

    /// <summary>Trains on a window of mostly normal records, on up to two threads, beginning from the weights of a stored model as far as they fit; see <see cref="TrainedModel.Reuse"/> for how far that was.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="options">Options of the detector (variant, fit, threshold).</param>
    /// <param name="window">Training records.</param>
    /// <param name="initial">Model to begin from, of the same variant and any fields, or null.</param>
    /// <param name="time">Clock.</param>
    /// <param name="progress">Receives progress, or null.</param>
    /// <param name="fitter">Fits the network, or null for the engine of this process.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The window is too small or carries no information, or the model to begin from is of another variant or has no field in common.</exception>
    /// <exception cref="TrainingFailedException">The fit failed, or what it gave cannot tell normal from anomalous.</exception>
    /// <exception cref="TrainingDeviceException">The device that was to fit cannot be used, or failed.</exception>
    public static TrainedDetector TrainFrom(
        FeatureSpec spec,
        DetectorOptions options,
        RecordBatch window,
        StoredModel? initial,
        TimeProvider time,
        IProgress<TrainingProgress>? progress = null,
        IModelFitter? fitter = null,
        CancellationToken cancellationToken = default) =>
        Train(spec, options, window, false, null, initial, new FitContext(time, progress, Threads: Math.Min(MostThreads, Environment.ProcessorCount)), fitter ?? NativeFitter.Instance, cancellationToken);

    private static TrainedDetector Train(
        FeatureSpec spec,
        DetectorOptions options,
        RecordBatch window,
        bool release,
        RecordBatch? flagged,
        StoredModel? initial,
        FitContext context,
        IModelFitter fitter,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(window);

        var variant = options.Model ?? VariantCatalog.CreateOptions(VariantCatalog.All[0].Name);
        var fit = options.Fit;
        if (spec.History is not null)
            (variant, fit) = (HistoryFit.Judge(variant), HistoryFit.Fit(fit));
        VariantFields.Require(variant, spec);
        var encoder = FeatureEncoder.Fit(spec, window);
        cancellationToken.ThrowIfCancellationRequested();
        if (initial is not null)
            context = context with { Initial = FeatureMatch.Of(encoder, initial) };
        if (SequenceOptions.WindowOf(variant) > 1)
            return TrainOnWindows(encoder, variant, fit, options, window, release, flagged, context, fitter, cancellationToken);

        if (window.Count < LeastRecords)
            throw new ArgumentException($"Training needs at least {LeastRecords} records; found {window.Count}. Give more.", nameof(window));
        var learned = LearnedWindow.Of(window);
        var rows = new EncodedRows();
        encoder.Encode(window, 0, window.Count, rows);
        if (release)
            Release(window);
        var (values, missing) = rows.Arrays;
        var model = fitter.Fit(
            new TrainingSet(encoder.Layout, values, learned.Records, missing), variant, HoldOutEnough(fit, learned.Records), context, cancellationToken);
        var frozen = model.Freeze();

        float[] scores = model.HeldOutScores is { } fitted ? [.. fitted] : frozen.ScoreAt(rows.Values, rows.AnyMissing ? rows.Missing : default, [.. model.HeldOutRows]);
        TrainingGate.Check(model.Report, scores);
        if (flagged is { Count: > 0 })
            scores = [.. scores, .. ScoreFlagged(encoder, frozen, flagged, options, learned.Records, scores.Length)];
        var threshold = ThresholdLearner.Learn(scores, options.Threshold);
        TrainingGate.Check(threshold);
        return new TrainedDetector(encoder, model, frozen, threshold, learned);
    }

    private static TrainedDetector TrainOnWindows(
        FeatureEncoder encoder,
        VariantOptions variant,
        TrainingOptions fit,
        DetectorOptions options,
        RecordBatch window,
        bool release,
        RecordBatch? flagged,
        FitContext context,
        IModelFitter fitter,
        CancellationToken cancellationToken)
    {
        var records = SequenceOptions.WindowOf(variant);
        var learned = LearnedWindow.Of(window);
        var windows = TrainingWindows.Build(encoder, window, flagged, records);
        if (release)
            Release(window);
        cancellationToken.ThrowIfCancellationRequested();
        var set = windows.ToSet(encoder, records);
        var model = fitter.Fit(set, variant, HoldOutEnough(fit, set.Rows), context, cancellationToken);
        var frozen = model.Freeze();
        var scores = frozen.ScoreAt(windows.Values, windows.Missing, [.. model.HeldOutRows.Select(set.FirstRecord)]);
        TrainingGate.Check(model.Report, scores);
        if (windows.Flagged.Length > 0)
        {
            var all = frozen.ScoreAt(windows.Values, windows.Missing, windows.Flagged);
            Array.Sort(all);
            scores = [.. scores, .. ThinFlagged(all, options, set.Rows, scores.Length)];
        }

        var threshold = ThresholdLearner.Learn(scores, options.Threshold);
        TrainingGate.Check(threshold);
        return new TrainedDetector(encoder, model, frozen, threshold, learned);
    }

    private static void Release(RecordBatch window)
    {
        window.Release();
        TrainingMemory.Collect();
    }

    // Of few records a larger share is held out: a threshold from fewer scores would be chance.
    private static TrainingOptions HoldOutEnough(TrainingOptions fit, int records) =>
        Math.Round(records * fit.HeldOutShare) >= TrainingGate.LeastHeldOutScores || records < 2 * TrainingGate.LeastHeldOutScores
            ? fit
            : fit.WithHeldOutShare((double)TrainingGate.LeastHeldOutScores / records);

    // The flagged records stand for the whole window, the held-out scores for a part of it: every n-th one keeps the proportion.
    private static List<float> ScoreFlagged(
        FeatureEncoder encoder, FrozenModel frozen, RecordBatch flagged, DetectorOptions options, int normalRecords, int heldOutScores) =>
        ThinFlagged(new RecordScorer(encoder, frozen).Score(flagged), options, normalRecords, heldOutScores);

    private static List<float> ThinFlagged(ReadOnlySpan<float> all, DetectorOptions options, int normalRecords, int heldOutScores)
    {
        var counted = all.Length;
        if (options.Threshold.Method == ThresholdMethod.Quantile)
        {
            // Of n normal records n (1 - q) are flagged by design, and normal + those = n.
            var quantile = ThresholdLearner.QuantileOf(options.Threshold);
            counted = (int)Math.Min(counted, Math.Round(normalRecords * (1 - quantile) / quantile));
        }

        var step = (double)normalRecords / heldOutScores;
        var scores = new List<float>();
        for (var position = step / 2; position < counted; position += step)
        {
            // A score that overflowed lies above any threshold, and would leave nothing of the fitted tail.
            if (float.IsFinite(all[(int)position]) && RecordScorer.IsJudged(all[(int)position]))
                scores.Add(all[(int)position]);
        }

        return scores;
    }
}

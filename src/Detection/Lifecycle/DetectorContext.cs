using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Models.Networks;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Holds what every part of a detector needs.</summary>
/// <param name="Options">Validated options.</param>
/// <param name="Metrics">Receives measurements.</param>
/// <param name="Time">Clock.</param>
/// <param name="Logger">Receives logs.</param>
internal sealed record DetectorContext(DetectorOptions Options, DetectionMetrics Metrics, TimeProvider Time, ILogger Logger)
{
    public string Name => Options.Name;

    public FeatureSpec Spec { get; } = Options.ToSpec();

    public KeyValuePair<string, object?> Tag { get; } = new("detector", Options.Name);

    /// <summary>Gets what a training reads; where a history is built first, that is more than it learns from.</summary>
    public HistoryWindow TrainingWindow => new(Options.Training.Window, Math.Max(Options.Training.MaxRecords, ThinnedFrom));

    // Windows of records need every one of them, so what a variant that reads windows learns from is not thinned.
    private int ThinnedFrom => Options.History is { } remembered && (Options.Model is null || SequenceOptions.WindowOf(Options.Model) == 1) ? remembered.TrainingRecords : 0;

    public int MinRecords => Math.Min(Options.Training.MinRecords, Options.Training.MaxRecords);
}

using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
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

    public FeatureSpec Spec { get; } = new(Options.Fields);

    public KeyValuePair<string, object?> Tag { get; } = new("detector", Options.Name);

    public HistoryWindow TrainingWindow => new(Options.Training.Window, Options.Training.MaxRecords);

    public int MinRecords => Math.Min(Options.Training.MinRecords, Options.Training.MaxRecords);
}

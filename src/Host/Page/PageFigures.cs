using AEAnomaly.Detection.Alerts;
using AEAnomaly.Host.Exposition;
using AEAnomaly.Host.Health;
using AEAnomaly.Host.Workers;

namespace AEAnomaly.Host.Page;

/// <summary>Tells what the page shows of one detector; totals count since the start of the process.</summary>
/// <param name="Health">Where it stands.</param>
/// <param name="Scored">Records scored.</param>
/// <param name="Anomalies">Records above the threshold.</param>
/// <param name="DeadLetters">Bad records set aside.</param>
/// <param name="PublishFailures">Deliveries that failed and were tried again.</param>
/// <param name="Alerts">Alerts about records by severity, from low to critical.</param>
/// <param name="Ratios">Measured ratios up to each bound of the histogram, cumulative.</param>
internal sealed record PageFigures(
    DetectorHealth Health,
    double Scored,
    double Anomalies,
    double DeadLetters,
    double PublishFailures,
    IReadOnlyList<double> Alerts,
    IReadOnlyList<double> Ratios)
{
    /// <summary>The histogram of the ratios.</summary>
    public const string RatioFamily = "aeanomaly_score_ratio";

    private static readonly string[] Severities = [.. Enum.GetNames<Severity>().Select(name => name.ToLowerInvariant())];

    /// <summary>Reads the figures of a detector.</summary>
    /// <param name="detector">Detector.</param>
    /// <param name="metrics">What is measured anyway.</param>
    /// <param name="ratios">Buckets of <see cref="RatioFamily"/>.</param>
    public static PageFigures Of(DetectorRuntime detector, MetricCollector metrics, HistogramBuckets ratios)
    {
        var tag = new KeyValuePair<string, object?>("detector", detector.Name);
        return new PageFigures(
            HealthEndpoints.Describe(detector),
            metrics.Total("aeanomaly_records_scored", tag),
            metrics.Total("aeanomaly_anomalies", tag),
            metrics.Total("aeanomaly_dead_letters", tag),
            metrics.Total("aeanomaly_publish_failures", tag),
            [.. Severities.Select(severity => AlertsOf(metrics, tag, severity))],
            ratios.Of(detector.Name));
    }

    private static double AlertsOf(MetricCollector metrics, KeyValuePair<string, object?> detector, string severity)
    {
        var tag = new KeyValuePair<string, object?>("severity", severity);
        return metrics.Total("aeanomaly_alerts", detector, tag, new("action", "open")) + metrics.Total("aeanomaly_alerts", detector, tag, new("action", "update"));
    }
}

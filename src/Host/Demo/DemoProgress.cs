using AEAnomaly.Host.Exposition;

namespace AEAnomaly.Host.Demo;

/// <summary>Reads from the daemon's own metrics how far it is.</summary>
internal sealed class DemoProgress(MetricCollector metrics, Func<bool> scoring)
{
    /// <summary>Gets whether a model scores.</summary>
    public bool Scoring => scoring();

    /// <summary>Gets the records scored.</summary>
    public long Scored => (long)metrics.Total("aeanomaly_records_scored");

    /// <summary>Gets the dead letters acknowledged by the broker.</summary>
    public long DeadLettered => (long)metrics.Total("aeanomaly_dead_letters");

    /// <summary>Gets the alerts acknowledged by the broker.</summary>
    public long AlertsPublished => (long)metrics.Total("aeanomaly_alerts_published");

    /// <summary>Gets the messages that are dealt with: scored or dead-lettered.</summary>
    public long Handled => Scored + DeadLettered;
}

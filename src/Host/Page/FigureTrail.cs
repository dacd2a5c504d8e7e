using AEAnomaly.Host.Exposition;
using AEAnomaly.Host.Workers;

namespace AEAnomaly.Host.Page;

/// <summary>Keeps the totals of the last hour, so that charts begin with what was before somebody looked. Written by one thread, read by any.</summary>
/// <param name="daemon">Detectors.</param>
/// <param name="metrics">What is measured anyway.</param>
internal sealed class FigureTrail(DaemonState daemon, MetricCollector metrics)
{
    /// <summary>Pause between two samples.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private const int Kept = 360;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<TrailSample>> _samples = daemon.Detectors.ToDictionary(detector => detector.Name, _ => new Queue<TrailSample>(Kept));

    /// <summary>Adds a sample of each detector.</summary>
    public void Sample(DateTimeOffset now)
    {
        foreach (var detector in daemon.Detectors)
        {
            var tag = new KeyValuePair<string, object?>("detector", detector.Name);
            var sample = new TrailSample(
                now.ToUnixTimeMilliseconds(), metrics.Total("aeanomaly_records_scored", tag), metrics.Total("aeanomaly_anomalies", tag), detector.Lag);
            lock (_gate)
            {
                var samples = _samples[detector.Name];
                if (samples.Count == Kept)
                    samples.Dequeue();
                samples.Enqueue(sample);
            }
        }
    }

    /// <summary>Gets the samples of each detector, the oldest first.</summary>
    public IReadOnlyDictionary<string, TrailSample[]> Read()
    {
        lock (_gate)
            return _samples.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }
}

using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Workers;

/// <summary>Lists what a running daemon is made of; fixed at start.</summary>
/// <param name="Detectors">Detectors in the order of the configuration.</param>
internal sealed record DaemonState(IReadOnlyList<DetectorRuntime> Detectors)
{
    /// <summary>Has every detector go on with other credentials; any thread.</summary>
    public void Renew(KafkaRenewal renewal)
    {
        foreach (var detector in Detectors)
            detector.Renew(renewal);
    }

    /// <summary>Finds a detector by name, or null.</summary>
    public DetectorRuntime? Find(string name) => Detectors.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.Ordinal));
}

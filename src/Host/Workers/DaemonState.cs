namespace AEAnomaly.Host.Workers;

/// <summary>Lists what a running daemon is made of; fixed at start.</summary>
/// <param name="Detectors">Detectors in the order of the configuration.</param>
internal sealed record DaemonState(IReadOnlyList<DetectorRuntime> Detectors)
{
    /// <summary>Finds a detector by name, or null.</summary>
    public DetectorRuntime? Find(string name) => Detectors.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.Ordinal));
}

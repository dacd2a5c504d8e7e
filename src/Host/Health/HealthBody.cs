namespace AEAnomaly.Host.Health;

/// <summary>Body of a health answer.</summary>
/// <param name="Status">alive or stuck; ready or not_ready.</param>
/// <param name="Detectors">Every detector, also the good ones.</param>
internal sealed record HealthBody(string Status, IReadOnlyList<DetectorHealth> Detectors);

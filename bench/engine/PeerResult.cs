namespace AEAnomaly.Bench.Engine;

/// <summary>Compares with another way to do the same work.</summary>
/// <param name="Name">The way.</param>
/// <param name="MicrosecondsPerCall">Median of its processor time of one call.</param>
/// <param name="Ratio">Median over the slices of its time divided by ours: above 1 we are faster.</param>
/// <param name="Least">Smallest of these ratios.</param>
/// <param name="Most">Largest of these ratios.</param>
internal sealed record PeerResult(string Name, double MicrosecondsPerCall, double Ratio, double Least, double Most);

namespace AEAnomaly.Bench.Engine;

/// <summary>Compares with the peer's fastest way to do the same.</summary>
/// <param name="Mode">The way that was fastest by its median.</param>
/// <param name="Ratio">Median over the pairs of its time divided by ours: above 1 we are faster.</param>
/// <param name="Least">Smallest ratio of a pair.</param>
/// <param name="Most">Largest ratio of a pair.</param>
/// <param name="Modes">Median ratio of every way.</param>
internal sealed record PeerResult(string Mode, double Ratio, double Least, double Most, IReadOnlyDictionary<string, double> Modes);

namespace AEAnomaly.Bench.Engine;

/// <summary>Names work that the peer can do too.</summary>
/// <param name="Work">score or train.</param>
/// <param name="Network">Network.</param>
/// <param name="Batch">Rows of a call.</param>
internal sealed record PeerWork(string Work, NetworkCase Network, int Batch);

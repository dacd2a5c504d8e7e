namespace AEAnomaly.Bench.Engine;

/// <summary>Names another way to do the same work.</summary>
/// <param name="Name">One of <see cref="LibtorchPeers.Names"/>.</param>
/// <param name="Work">One call.</param>
internal sealed record Peer(string Name, Action Work);

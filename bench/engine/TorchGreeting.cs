namespace AEAnomaly.Bench.Engine;

/// <summary>Holds what the peer says of itself.</summary>
/// <param name="Torch">Version of PyTorch.</param>
/// <param name="Blas">Processor that its BLAS has chosen kernels for; null where that is not OpenBLAS.</param>
/// <param name="Modes">Ways to run each kind of work.</param>
internal sealed record TorchGreeting(string Torch, string? Blas, Dictionary<string, string[]> Modes);

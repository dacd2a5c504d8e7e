using AEAnomaly.Torch;

namespace AEAnomaly.Models.Torch.Tests;

/// <summary>Holds the library that every test of this process uses, on one thread.</summary>
internal static class LoadedTorch
{
    public static TorchLibrary Library { get; } = TorchLibrary.Load(threads: 1);
}

namespace AEAnomaly.Models.Torch.Tests;

/// <summary>A fact that needs libtorch; skipped, with the reason, where it was not restored.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute() => Skip = LoadedTorch.Library.Problem;
}

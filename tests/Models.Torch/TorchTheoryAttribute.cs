namespace AEAnomaly.Models.Torch.Tests;

/// <summary>A theory that needs libtorch; skipped, with the reason, where it was not restored.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute() => Skip = LoadedTorch.Library.Problem;
}

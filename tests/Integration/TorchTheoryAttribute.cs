using AEAnomaly.Torch;

namespace AEAnomaly.Integration.Tests;

/// <summary>A theory that trains with libtorch; skipped, with the reason, where it was not restored.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute() => Skip = TorchFiles.Find().Problem;
}

using AEAnomaly.Torch;

namespace AEAnomaly.Integration.Tests;

/// <summary>A fact that trains with libtorch; skipped, with the reason, where it was not restored.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute() => Skip = TorchFiles.Find().Problem;
}

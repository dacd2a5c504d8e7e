using TorchSharp;

namespace AEAnomaly.Torch;

/// <summary>Shows a torch tensor in the shape a kernel needs, and lets go of it at the end where it is no more than a view.</summary>
internal readonly ref struct TorchView(torch.Tensor value, bool isTemporary)
{
    public torch.Tensor Value { get; } = value;

    public void Dispose()
    {
        if (isTemporary)
            Value.Dispose();
    }
}

using AEAnomaly.Models.Tensors;
using TorchSharp;

namespace AEAnomaly.Torch;

/// <summary>Holds the torch tensor that was written last: a result takes its place, a sum is added to it.</summary>
/// <remarks>So torch allocates what it computes, as it does best, and nothing is copied. The capacity says only which of the device's pools the cell belongs to.</remarks>
internal sealed class TorchMemory(int capacity) : DeviceMemory(capacity), IDisposable
{
    /// <summary>Gets or sets a contiguous tensor, of its own or a part of one that belongs to this memory alone; null before the first write.</summary>
    public torch.Tensor? Value { get; set; }

    /// <summary>Gets or sets the shape of <see cref="Value"/>, so that asking for it costs no call into torch.</summary>
    public Shape Shape { get; set; }

    public void Dispose()
    {
        Value?.Dispose();
        Value = null;
    }
}

using AEAnomaly.Models.Tensors;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>How a kernel comes by the torch tensors of its arguments, and leaves its result.</content>
internal sealed partial class TorchDevice
{
    private static TorchMemory Memory(Tensor tensor) => (TorchMemory)tensor.Memory;

    private static long[] Extents(Shape shape) => shape.Rank switch
    {
        1 => [shape[0]],
        2 => [shape[0], shape[1]],
        3 => [shape[0], shape[1], shape[2]],
        _ => [shape[0], shape[1], shape[2], shape[3]],
    };

    private static TorchView Read(Tensor tensor) => Read(tensor, tensor.Shape);

    private static TorchView Read(Tensor tensor, Shape shape)
    {
        var memory = Memory(tensor);
        var value = memory.Value ?? throw new InvalidOperationException($"A tensor of shape {tensor.Shape} is read before anything was written to it.");
        return memory.Shape == shape ? new TorchView(value, isTemporary: false) : new TorchView(value.view(Extents(shape)), isTemporary: true);
    }

    private static TorchView Read(Tensor matrix, bool transpose)
    {
        if (!transpose)
            return Read(matrix);
        using var x = Read(matrix);
        return new TorchView(x.Value.t(), isTemporary: true);
    }

    /// <summary>Shows what a tensor holds, to be changed in place; where it holds nothing of its size yet, undefined values.</summary>
    private TorchView Change(Tensor tensor) => Change(tensor, tensor.Shape);

    private TorchView Change(Tensor tensor, Shape shape)
    {
        var memory = Memory(tensor);
        if (memory.Value is null || memory.Shape.Count != tensor.Count)
            Set(tensor, torch.empty(Extents(tensor.Shape), device: _device));
        return Read(tensor, shape);
    }

    /// <summary>Replaces what a tensor holds by a new contiguous tensor of its shape, which it then owns.</summary>
    private static void Set(Tensor tensor, torch.Tensor value) => Set(tensor, value, tensor.Shape);

    private static void Set(Tensor tensor, torch.Tensor value, Shape shape)
    {
        var memory = Memory(tensor);
        memory.Value?.Dispose();
        memory.Value = value;
        memory.Shape = shape;
    }

    /// <summary>Takes over a new tensor of the target's shape: as its contents, or added to them.</summary>
    private void AddOrSet(Tensor target, torch.Tensor value, bool accumulate)
    {
        if (!accumulate)
        {
            Set(target, value);
            return;
        }

        using var y = Change(target);
        y.Value.add_(value, One);
        value.Dispose();
    }

    private static void Add(torch.Tensor target, torch.Tensor source, float factor)
    {
        using var scale = factor.ToScalar();
        target.add_(source, scale);
    }
}

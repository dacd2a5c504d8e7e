using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>Patches of sequences for convolutions.</content>
internal sealed partial class TorchDevice
{
    public override void Unfold(Tensor sequences, PatchGeometry geometry, Tensor patches, bool accumulate)
    {
        var count = sequences.Count / geometry.SequenceWidth;
        var shape = new Shape(count, geometry.Positions, geometry.Kernel, geometry.Channels);
        using var x = Read(sequences, new Shape(count, geometry.Length, geometry.Channels));
        using var padded = Pad(x.Value, count, geometry);
        using var windows = padded.unfold(1, geometry.Kernel, geometry.Stride);
        using var ordered = windows.permute(0, 1, 3, 2);
        if (accumulate)
        {
            using var y = Change(patches, shape);
            y.Value.add_(ordered, One);
            return;
        }

        Set(patches, ordered.is_contiguous() ? ordered.clone() : ordered.contiguous(), shape);
    }

    public override void Fold(Tensor patches, PatchGeometry geometry, Tensor sequences)
    {
        // One strided addition for each step of a patch: the order of the sums is fixed, as that of index_add_ on a GPU is not.
        var count = sequences.Count / geometry.SequenceWidth;
        using var p = Read(patches, new Shape(count, geometry.Positions, geometry.Kernel, geometry.Channels));
        using var padded = torch.zeros(count, geometry.Length + (2 * geometry.Padding), geometry.Channels, device: _device);
        for (var k = 0; k < geometry.Kernel; k++)
        {
            using var from = p.Value.select(2, k);
            using var to = padded.slice(1, k, k + ((geometry.Positions - 1) * geometry.Stride) + 1, geometry.Stride);
            to.add_(from, One);
        }

        using var x = Change(sequences, new Shape(count, geometry.Length, geometry.Channels));
        using var inside = padded.narrow(1, geometry.Padding, geometry.Length);
        x.Value.add_(inside, One);
    }

    private torch.Tensor Pad(torch.Tensor sequences, int count, PatchGeometry geometry)
    {
        if (geometry.Padding == 0)
            return sequences.alias();

        var padded = torch.zeros(count, geometry.Length + (2 * geometry.Padding), geometry.Channels, device: _device);
        using var inside = padded.narrow(1, geometry.Padding, geometry.Length);
        inside.copy_(sequences);
        return padded;
    }
}

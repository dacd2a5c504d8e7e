using System.Runtime.InteropServices;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>What a step of training needs beside the network, without the host waiting for a GPU.</content>
internal sealed partial class TorchDevice
{
    public override void GatherRows(Tensor source, ReadOnlySpan<int> rows, Tensor target)
    {
        using var records = Read(source);
        using var numbers = Numbers(rows);
        var (width, room) = (source.Shape[1], target.Shape[1]);
        if (room == width)
        {
            Set(target, records.Value.index_select(0, numbers));
            return;
        }

        // Windows overlap: row r shows the records from r on.
        using var windows = records.Value.as_strided([source.Shape[0] - (room / width) + 1, room], [width, 1]);
        Set(target, windows.index_select(0, numbers));
    }

    public override void TrimLosses(Tensor losses, double trimShare, Tensor factors, Tensor mean)
    {
        using var x = Read(losses);
        var trimmed = TrimmedMean.Trimmed(losses.Count, trimShare);
        using var factor = (1f / (losses.Count - trimmed)).ToScalar();
        var whole = torch.empty(Extents(losses.Shape), device: _device);
        whole.fill_(factor);
        if (trimmed == 0)
        {
            Average(x.Value);
            Set(factors, whole);
            return;
        }

        // A loss that is no number must not be taken for the largest: nobody would hear of it.
        using var sizes = x.Value.nan_to_num(double.NegativeInfinity);
        var (largest, worst) = sizes.topk(trimmed, 0, largest: true, sorted: false);
        using (whole)
        using (largest)
        using (worst)
        {
            using var kept = x.Value.index_fill(0, worst, Zero);
            Average(kept);
            Set(factors, whole.index_fill(0, worst, Zero));
        }

        void Average(torch.Tensor values) => Set(mean, values.sum(0L, keepdim: true).mul_(factor));
    }

    public override ParameterUpdate CreateUpdate(IReadOnlyList<LearnedTensor> parameters) => new FlatUpdate(this, parameters);

    private torch.Tensor Numbers(ReadOnlySpan<int> rows)
    {
        var host = torch.empty([rows.Length], torch.ScalarType.Int32);
        rows.CopyTo(MemoryMarshal.Cast<byte, int>(host.bytes));
        if (_isHost)
            return host;

        using (host)
            return host.to(_device);
    }
}

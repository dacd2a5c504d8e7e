using System.Runtime.InteropServices;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using TorchSharp;
using Device = AEAnomaly.Models.Tensors.Device;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <summary>Computes with libtorch, on a processor or on a GPU.</summary>
/// <remarks>
/// Rules of the house for TorchSharp, each from a fault that was measured: numbers go in as <see cref="Scalar"/> objects that this class keeps or disposes of, since those
/// made from a float in passing are freed by the finaliser, at times while native code reads them (so <c>add(x, One)</c>, and no pow, square or softplus);
/// no <c>zero_</c>, whose second handle holds the memory until it is collected; no <c>matmul</c>, whose errors end the process; <c>sum(0L)</c>, because
/// <c>sum(0)</c> means a type; what is created is disposed of. What a forward pass calls changes no tensor in place that torch's own autograd would have
/// to keep: with parameters that ask for gradients, the same class judges the gradients of <c>AEAnomaly.Models</c>.
/// </remarks>
internal sealed partial class TorchDevice : Device
{
    private static readonly Scalar Zero = 0f.ToScalar();
    private static readonly Scalar One = 1f.ToScalar();
    private static readonly Scalar Two = 2f.ToScalar();
    private static readonly Scalar MinusOne = (-1f).ToScalar();

    private readonly torch.Device _device;
    private readonly bool _isHost;

    /// <param name="device"><c>torch.CPU</c> or <c>torch.CUDA</c>; libtorch is loaded, see <see cref="TorchLibrary"/>.</param>
    public TorchDevice(torch.Device device)
    {
        _device = device;
        _isHost = device.type == DeviceType.CPU;
    }

    public override Device CreateSibling() => new TorchDevice(_device);

    public override void Upload(ReadOnlySpan<float> values, Tensor target)
    {
        if (_isHost)
        {
            using var y = Change(target);
            values[..target.Count].CopyTo(Floats(y.Value));
            return;
        }

        using var host = torch.empty(Extents(target.Shape));
        values[..target.Count].CopyTo(Floats(host));
        Set(target, host.to(_device));
    }

    public override void UploadRows(ReadOnlySpan<float> values, ReadOnlySpan<int> starts, Tensor target)
    {
        using var y = Change(target);
        using var host = _isHost ? null : torch.empty(Extents(target.Shape));
        var rows = Floats(host ?? y.Value);
        var width = target.Shape[1];
        for (var i = 0; i < starts.Length; i++)
            values.Slice(starts[i], width).CopyTo(rows.Slice(i * width, width));
        if (host is not null)
            y.Value.copy_(host);
    }

    public override void Download(Tensor source, Span<float> values)
    {
        using var x = Read(source);
        using var host = _isHost ? null : x.Value.cpu();
        Floats(host ?? x.Value)[..source.Count].CopyTo(values);
    }

    public override void Fill(Tensor target, float value)
    {
        using var y = Change(target);
        using var scalar = value.ToScalar();
        y.Value.fill_(scalar);
    }

    // The same draws as on the processor, so that a run can be compared with one of another device.
    public override void FillNormal(Tensor target, SeededRandom random)
    {
        var values = new float[target.Count];
        random.FillNormal(values);
        Upload(values, target);
    }

    public override void Copy(Tensor source, Tensor target)
    {
        using var x = Read(source, target.Shape);
        using var y = Change(target);
        y.Value.copy_(x.Value);
    }

    public override void AddScaled(Tensor source, float factor, Tensor target)
    {
        using var x = Read(source, target.Shape);
        using var y = Change(target);
        Add(y.Value, x.Value, factor);
    }

    public override void ScaleOffset(Tensor source, float factor, float offset, Tensor target)
    {
        using var x = Read(source, target.Shape);
        using var scale = factor.ToScalar();
        using var addend = offset.ToScalar();
        var result = x.Value.mul(scale);
        if (offset != 0)
            result.add_(addend, One);
        Set(target, result);
    }

    public override void CopyColumns(Tensor source, int sourceStart, Tensor target, int targetStart, int width, bool accumulate)
    {
        using var x = Read(source);
        using var from = x.Value.narrow(1, sourceStart, width);
        if (!accumulate && width == target.Shape[1])
        {
            Set(target, from.is_contiguous() ? from.clone() : from.contiguous());
            return;
        }

        using var y = Change(target);
        using var to = y.Value.narrow(1, targetStart, width);
        if (accumulate)
            to.add_(from, One);
        else
            to.copy_(from);
    }

    protected override DeviceMemory AllocateMemory(int capacity) => new TorchMemory(capacity);

    private static Span<float> Floats(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}

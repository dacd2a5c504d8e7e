using System.Diagnostics.CodeAnalysis;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;

namespace AEAnomaly.Models.Tests.Tensors;

/// <summary>Stands for an accelerator: computes as the native device does, in memory that has to be freed, and counts what crosses over to the host.</summary>
internal sealed partial class FarDevice(FarTraffic traffic) : Device
{
    private readonly CpuDevice _near = new();

    public override Device CreateSibling() => new FarDevice(traffic);

    public override void Upload(ReadOnlySpan<float> values, Tensor target)
    {
        traffic.Uploads++;
        _near.Upload(values, Near(target));
    }

    public override void UploadRows(ReadOnlySpan<float> values, ReadOnlySpan<int> starts, Tensor target)
    {
        traffic.Uploads++;
        _near.UploadRows(values, starts, Near(target));
    }

    public override void Download(Tensor source, Span<float> values)
    {
        traffic.Reads++;
        _near.Download(Near(source), values);
    }

    public override double SumOfSquares(Tensor source)
    {
        traffic.Reads++;
        return _near.SumOfSquares(Near(source));
    }

    // As a device that keeps losses to itself.
    public override void TrimLosses(Tensor losses, double trimShare, Tensor factors, Tensor mean) => _near.TrimLosses(Near(losses), trimShare, Near(factors), Near(mean));

    protected override DeviceMemory AllocateMemory(int capacity) => new FarMemory(capacity, traffic);

    [return: NotNullIfNotNull(nameof(tensor))]
    private Tensor? Near(Tensor? tensor) => tensor is null ? null : new Tensor(_near, tensor.Shape, ((FarMemory)tensor.Memory).Near);
}

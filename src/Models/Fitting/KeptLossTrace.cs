using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Fitting;

/// <summary>Leaves the losses on the device, which is waited for only when they are asked for.</summary>
internal sealed class KeptLossTrace : LossTrace
{
    // More than steps between two measurements, times objectives that take turns.
    private const int Capacity = 256;

    private readonly Device _device;
    private readonly Tensor _mean;
    private readonly Tensor _kept;
    private readonly List<double> _read = [];
    private int _count;

    public KeptLossTrace(Device device)
    {
        _device = device;
        _mean = device.Allocate(new Shape(1));
        _kept = device.Allocate(new Shape(1, Capacity));
    }

    public override bool Add(Tensor losses, double trimShare, Tensor factors)
    {
        if (_count == Capacity)
            ReadKept();

        _device.TrimLosses(losses, trimShare, factors, _mean);
        _device.CopyColumns(_mean.Flat(), 0, _kept, _count++, 1, accumulate: false);
        return true;
    }

    public override double[] Read()
    {
        ReadKept();
        double[] means = [.. _read];
        _read.Clear();
        return means;
    }

    public override void Dispose()
    {
        _device.Release(_mean);
        _device.Release(_kept);
    }

    private void ReadKept()
    {
        foreach (var mean in _count == 0 ? [] : _kept.ToArray().AsSpan(0, _count))
            _read.Add(mean);
        _count = 0;
    }
}

using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Fitting;

/// <summary>Looks at the losses of every batch, on the host.</summary>
internal sealed class ReadLossTrace(Device device) : LossTrace
{
    private readonly List<double> _means = [];
    private float[] _losses = [];
    private float[] _factors = [];

    public override bool Add(Tensor losses, double trimShare, Tensor factors)
    {
        if (_losses.Length != losses.Count)
            (_losses, _factors) = (new float[losses.Count], new float[losses.Count]);

        device.Download(losses, _losses);
        var mean = TrimmedMean.Factors(_losses, trimShare, _factors);
        device.Upload(_factors, factors);
        _means.Add(mean);
        return double.IsFinite(mean);
    }

    public override double[] Read()
    {
        double[] means = [.. _means];
        _means.Clear();
        return means;
    }

    // Nothing is kept there.
    public override void Dispose()
    {
    }
}

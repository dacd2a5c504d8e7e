using AEAnomaly.Models.Tensors;
using AEAnomaly.Torch;
using TorchSharp;

namespace AEAnomaly.Models.Torch.Tests.Kernels;

/// <summary>What trimming on libtorch's device does with losses that are not finite.</summary>
public sealed class TrimmingTests
{
    [TorchFact]
    public void TrimLosses_NotANumber_IsKeptSoThatItShowsInTheMean()
    {
        var (factors, mean) = Trim([1, float.NaN, 3, 2], 0.25);

        Assert.Equal([1f / 3, 1f / 3, 0, 1f / 3], factors);
        Assert.True(float.IsNaN(mean));
    }

    [TorchFact]
    public void TrimLosses_InfinityAmongTheWorst_IsLeftOut()
    {
        var (factors, mean) = Trim([1, 9, 2, float.PositiveInfinity, 3], 0.4);

        Assert.Equal([1f / 3, 0, 1f / 3, 0, 1f / 3], factors);
        Assert.Equal(2, mean, 1e-6f);
    }

    private static (float[] Factors, float Mean) Trim(float[] losses, double share)
    {
        var device = new TorchDevice(torch.CPU);
        var (factors, mean) = (device.Create(new Shape(losses.Length)), device.Create(new Shape(1)));
        device.TrimLosses(device.Create(new Shape(losses.Length), losses), share, factors, mean);
        return (factors.ToArray(), mean.ToArray()[0]);
    }
}

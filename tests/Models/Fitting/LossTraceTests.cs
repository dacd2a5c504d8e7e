using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Tests.Tensors;

namespace AEAnomaly.Models.Tests.Fitting;

public sealed class LossTraceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_ManySteps_GivesTheMeansSinceTheLastTimeInOrder(bool isFar)
    {
        using Device device = isFar ? new FarDevice(new FarTraffic()) : new CpuDevice();
        using var trace = LossTrace.Create(device);
        var factors = device.Create(new Shape(4));
        for (var step = 0; step < 600; step++)
            Assert.True(trace.Add(device.Create(new Shape(4), [step, 900, step + 1, step + 2]), 0.25, factors));

        Assert.Equal(Enumerable.Range(0, 600).Select(step => step + 1.0), trace.Read());
        Assert.Equal([1f / 3, 0, 1f / 3, 1f / 3], factors.ToArray());
        Assert.Empty(trace.Read());
    }

    [Fact]
    public void Add_LossOnAnAccelerator_IsNotReadUntilItIsAskedFor()
    {
        var traffic = new FarTraffic();
        using var device = new FarDevice(traffic);
        using var trace = LossTrace.Create(device);
        var (losses, factors) = (device.Create(new Shape(2), [1, 2]), device.Create(new Shape(2)));
        for (var step = 0; step < 50; step++)
            Assert.True(trace.Add(losses, 0, factors));

        Assert.Equal(0, traffic.Reads);
        Assert.Equal(50, trace.Read().Length);
        Assert.Equal(1, traffic.Reads);
    }

    [Fact]
    public void Add_LossThatIsNotFinite_StopsTheStepWhereItIsReadAndIsKeptElsewhere()
    {
        foreach (var isFar in new[] { false, true })
        {
            using Device device = isFar ? new FarDevice(new FarTraffic()) : new CpuDevice();
            using var trace = LossTrace.Create(device);
            var factors = device.Create(new Shape(2));

            Assert.Equal(isFar, trace.Add(device.Create(new Shape(2), [1, float.NaN]), 0.5, factors));
            Assert.Equal([double.NaN], trace.Read());
        }
    }
}

using System.Reflection;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Torch.Tests.Judging;
using AEAnomaly.Torch;
using TorchSharp;
using Device = AEAnomaly.Models.Tensors.Device;

namespace AEAnomaly.Models.Torch.Tests.Kernels;

/// <summary>Every kernel of libtorch's device beside the processor's own.</summary>
public sealed class KernelTests
{
    // The derivative of tanh, 1 - y², is the worst: near |y| = 1 one bit of y is that much.
    private const double Bound = 5e-5;

    [TorchFact]
    public void Kernels_OddSizes_GiveWhatTheProcessorsGive()
    {
        var verdicts = KernelCases.Judge(() => new CpuDevice(), () => new TorchDevice(torch.CPU));

        Bounds.AssertWithin(verdicts, Bound);
    }

    [Fact]
    public void Cases_OfAllKernels_LeaveNoneOut()
    {
        var kernels = typeof(Device).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(method => method.IsAbstract && method.ReturnType != typeof(Device)).Select(method => method.Name).Distinct();

        Assert.Empty(kernels.Except(KernelCases.All().Select(kernel => kernel.Kernel)));
    }

    [TorchFact]
    public void Create_MemoryThatHeldAnotherShape_HoldsWhatIsWrittenNow()
    {
        var device = new TorchDevice(torch.CPU);
        using (device.BeginScope())
            device.Create(new Shape(2, 4), new float[8]);
        using var scope = device.BeginScope();

        var vector = device.Create(new Shape(5), [1, 2, 3, 4, 5]);
        var matrix = device.CreateZeros(new Shape(4, 2));
        device.AddBroadcast(device.Create(new Shape(2), [1, 2]), 1, new AxisSplit(1, 4, 2), matrix);

        Assert.Equal([1, 2, 3, 4, 5], vector.ToArray());
        Assert.Equal([1, 2, 1, 2, 1, 2, 1, 2], matrix.ToArray());
    }

    [TorchFact]
    public void Download_TensorThatWasNeverWritten_NamesIt()
    {
        var device = new TorchDevice(torch.CPU);
        using var scope = device.BeginScope();
        var tensor = device.Create(new Shape(2, 3));

        Assert.Contains("[2, 3]", Assert.Throws<InvalidOperationException>(tensor.ToArray).Message, StringComparison.Ordinal);
    }
}

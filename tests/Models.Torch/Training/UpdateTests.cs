using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Torch.Tests.Judging;
using AEAnomaly.Torch;
using TorchSharp;
using Device = AEAnomaly.Models.Tensors.Device;

namespace AEAnomaly.Models.Torch.Tests.Training;

/// <summary>The update of all parameters at once beside one parameter after the other on the processor's own device.</summary>
public sealed class UpdateTests
{
    private static readonly Shape[] Shapes = [new(5, 3), new(5), new(2, 5), new(2), new(1, 7)];

    [TorchTheory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1000)]
    public void Take_ManySteps_MovesParametersAsOneByOne(double clipNorm)
    {
        var expected = Run(new CpuDevice(), clipNorm, static (_, _) => { });
        var found = Run(new TorchDevice(torch.CPU), clipNorm, static (_, _) => { });

        AssertClose(expected, found);
    }

    [TorchFact]
    public void Take_AfterAWriteFromOutside_GoesOnFromWhatWasWritten()
    {
        static void Write(Device device, Tensor[] parameters)
        {
            device.ScaleOffset(parameters[0], -0.5f, 0.25f, parameters[0]);
            device.Upload([7, 8], parameters[3]);
        }

        AssertClose(Run(new CpuDevice(), 0.5, Write), Run(new TorchDevice(torch.CPU), 0.5, Write));
    }

    [TorchFact]
    public void Take_ParametersOfTwoUpdates_MovesThemByBoth()
    {
        static float[][] Both(Device device)
        {
            var (parameters, random) = (Create(device), new SeededRandom(4));
            using var all = device.CreateUpdate([.. parameters.Select(parameter => new LearnedTensor(parameter, Decays: true))]);
            using var some = device.CreateUpdate([new LearnedTensor(parameters[2], Decays: false), new LearnedTensor(parameters[1], Decays: false)]);
            for (var step = 1; step <= 4; step++)
            {
                all.Take(Gradients(device, parameters, random), Step(step), 5);
                some.Take(Gradients(device, [parameters[2], parameters[1]], random), Step(step), 5);
            }

            return Array.ConvertAll(parameters, parameter => parameter.ToArray());
        }

        AssertClose(Both(new CpuDevice()), Both(new TorchDevice(torch.CPU)));
    }

    [TorchFact]
    public void Dispose_OfTheUpdate_LeavesTheParameters()
    {
        var device = new TorchDevice(torch.CPU);
        var parameters = Create(device);
        var update = device.CreateUpdate([.. parameters.Select(parameter => new LearnedTensor(parameter, Decays: true))]);
        update.Take(Gradients(device, parameters, new SeededRandom(4)), Step(1), 5);
        var before = Array.ConvertAll(parameters, parameter => parameter.ToArray());

        update.Dispose();

        Assert.Equal(before, Array.ConvertAll(parameters, parameter => parameter.ToArray()));
        device.Fill(parameters[0], 3);
        Assert.Equal(before[1..], Array.ConvertAll(parameters[1..], parameter => parameter.ToArray()));
    }

    private static float[][] Run(Device device, double clipNorm, Action<Device, Tensor[]> between)
    {
        var (parameters, random) = (Create(device), new SeededRandom(3));
        using var update = device.CreateUpdate([.. parameters.Select(parameter => new LearnedTensor(parameter, parameter.Shape.Rank > 1))]);
        for (var step = 1; step <= 6; step++)
        {
            update.Take(Gradients(device, parameters, random), Step(step), clipNorm);
            between(device, parameters);
        }

        return Array.ConvertAll(parameters, parameter => parameter.ToArray());
    }

    private static Tensor[] Create(Device device)
    {
        var random = new SeededRandom(2);
        return Array.ConvertAll(Shapes, shape => Input.Uniform(random, shape).Create(device));
    }

    private static Tensor[] Gradients(Device device, Tensor[] parameters, SeededRandom random) =>
        Array.ConvertAll(parameters, parameter => Input.Uniform(random, parameter.Shape).Create(device));

    private static AdamWStep Step(int step) => new(
        LearningRate: 1e-2f, 0.9f, 0.999f, 1e-8f, Decay: 0.3f, (float)(1 - Math.Pow(0.9, step)), (float)(1 - Math.Pow(0.999, step)), GradientScale: 1);

    private static void AssertClose(float[][] expected, float[][] found) =>
        Assert.All(expected.Zip(found), pair => Assert.InRange(Difference.Largest(pair.First, pair.Second), 0, 2e-6));
}

using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Torch.Tests.Judging;
using AEAnomaly.Torch;
using TorchSharp;

namespace AEAnomaly.Models.Torch.Tests.Autograd;

/// <summary>Every operation of our tape beside torch's autograd.</summary>
public sealed class OperationTests
{
    [TorchFact]
    public void Operations_OddSizes_HaveTorchsValuesAndGradients()
    {
        var verdicts = OperationCases.Judge(() => new CpuDevice(), () => new TorchDevice(torch.CPU));

        Bounds.AssertWithin(verdicts, values: 1e-5, gradients: 5e-5);
    }

    [Fact]
    public void Cases_OfAllOperations_LeaveNoneOut()
    {
        // Operations are the static classes beside the tape that take one.
        var operations = typeof(Tape).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(Tape).Namespace && type is { IsAbstract: true, IsSealed: true })
            .Where(type => type.GetMethods().Any(method => method.GetParameters().FirstOrDefault()?.ParameterType == typeof(Tape)))
            .Select(type => type.Name);

        Assert.Empty(operations.Except(OperationCases.All().Select(operation => operation.Operation)));
    }
}

using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Torch.Tests.Judging;
using AEAnomaly.Torch;
using TorchSharp;

namespace AEAnomaly.Models.Torch.Tests.Variants;

/// <summary>The losses and gradients of every variant beside torch's autograd.</summary>
public sealed class VariantTests
{
    [TorchTheory]
    [InlineData("real")]
    [InlineData("mixed")]
    public void RowLosses_EveryVariantPhaseAndObjective_HaveTorchsValuesAndGradients(string kind)
    {
        Verdict[] verdicts = [.. VariantCase.All.Select(variant => variant.Judge(kind, new CpuDevice(), new TorchDevice(torch.CPU)))];

        Bounds.AssertWithin(verdicts, values: 2e-5, gradients: 3e-4);
    }
}

using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tensors.Cpu;

internal sealed partial class CpuDevice
{
    public override void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep step) =>
        OptimizerKernels.AdamW(Span(parameter), Span(gradient), Span(firstMoment), Span(secondMoment), step, VectorWidths.Widest);
}

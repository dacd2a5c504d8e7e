using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tensors.Cpu;

internal sealed partial class CpuDevice
{
    public override void Unfold(Tensor sequences, PatchGeometry geometry, Tensor patches, bool accumulate) =>
        PatchKernels.Unfold(Span(sequences), geometry, sequences.Count / geometry.SequenceWidth, Span(patches), accumulate);

    public override void Fold(Tensor patches, PatchGeometry geometry, Tensor sequences) =>
        PatchKernels.Fold(Span(patches), geometry, sequences.Count / geometry.SequenceWidth, Span(sequences));

    public override void GruStep(Tensor inputGates, Tensor hiddenGates, Tensor hidden, Tensor activations, Tensor result) =>
        GruKernels.Step(Span(inputGates), Span(hiddenGates), Span(hidden), Span(activations), Span(result), hidden.Shape[1]);

    public override void GruStepBackward(
        Tensor hiddenGates, Tensor hidden, Tensor activations, Tensor gradient, Tensor? inputGatesGradient, Tensor? hiddenGatesGradient, Tensor? hiddenGradient) =>
        GruKernels.AddGradients(
            Span(hiddenGates),
            Span(hidden),
            Span(activations),
            Span(gradient),
            SpanOrEmpty(inputGatesGradient),
            SpanOrEmpty(hiddenGatesGradient),
            SpanOrEmpty(hiddenGradient),
            hidden.Shape[1]);

    private static Span<float> SpanOrEmpty(Tensor? tensor) => tensor is null ? [] : Span(tensor);
}

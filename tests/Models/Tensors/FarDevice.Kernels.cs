using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Tests.Tensors;

/// <content>Kernels: those of the native device.</content>
internal sealed partial class FarDevice
{
    public override void Fill(Tensor target, float value) => _near.Fill(Near(target), value);

    public override void FillNormal(Tensor target, SeededRandom random) => _near.FillNormal(Near(target), random);

    public override void Copy(Tensor source, Tensor target) => _near.Copy(Near(source), Near(target));

    public override void AddScaled(Tensor source, float factor, Tensor target) => _near.AddScaled(Near(source), factor, Near(target));

    public override void ScaleOffset(Tensor source, float factor, float offset, Tensor target) => _near.ScaleOffset(Near(source), factor, offset, Near(target));

    public override void MatMul(
        Tensor left, bool transposeLeft, Tensor right, bool transposeRight, Tensor result, bool accumulate) =>
        _near.MatMul(Near(left), transposeLeft, Near(right), transposeRight, Near(result), accumulate);

    public override void Affine(
        Tensor input, Tensor weight, Tensor bias, bool relu, Tensor result) =>
        _near.Affine(Near(input), Near(weight), Near(bias), relu, Near(result));

    public override void MatMulMasked(
        Tensor left, Tensor right, Tensor mask, Tensor result, Tensor columnSums, bool accumulate) =>
        _near.MatMulMasked(Near(left), Near(right), Near(mask), Near(result), Near(columnSums), accumulate);

    public override void MaskByRelu(Tensor result, Tensor gradient) => _near.MaskByRelu(Near(result), Near(gradient));

    public override void Unary(UnaryFunction function, Tensor source, Tensor result) => _near.Unary(function, Near(source), Near(result));

    public override void UnaryBackward(
        UnaryFunction function, Tensor source, Tensor result, Tensor resultGradient, Tensor sourceGradient, bool accumulate) =>
        _near.UnaryBackward(function, Near(source), Near(result), Near(resultGradient), Near(sourceGradient), accumulate);

    public override void Binary(
        BinaryFunction function, Tensor left, Tensor right, AxisSplit split, Tensor result) =>
        _near.Binary(function, Near(left), Near(right), split, Near(result));

    public override void AddBroadcast(
        Tensor source, float factor, AxisSplit split, Tensor target) =>
        _near.AddBroadcast(Near(source), factor, split, Near(target));

    public override void MultiplyAdd(
        Tensor left, Tensor right, AxisSplit split, Tensor target) =>
        _near.MultiplyAdd(Near(left), Near(right), split, Near(target));

    public override void Sum(
        Tensor source, AxisSplit split, float factor, Tensor target, bool accumulate) =>
        _near.Sum(Near(source), split, factor, Near(target), accumulate);

    public override void SumProduct(
        Tensor left, Tensor right, AxisSplit split, Tensor target) =>
        _near.SumProduct(Near(left), Near(right), split, Near(target));

    public override void CopyColumns(
        Tensor source, int sourceStart, Tensor target, int targetStart, int width, bool accumulate) =>
        _near.CopyColumns(Near(source), sourceStart, Near(target), targetStart, width, accumulate);

    public override void Unfold(
        Tensor sequences, PatchGeometry geometry, Tensor patches, bool accumulate) =>
        _near.Unfold(Near(sequences), geometry, Near(patches), accumulate);

    public override void Fold(Tensor patches, PatchGeometry geometry, Tensor sequences) => _near.Fold(Near(patches), geometry, Near(sequences));

    public override void GruStep(
        Tensor inputGates, Tensor hiddenGates, Tensor hidden, Tensor activations, Tensor result) =>
        _near.GruStep(Near(inputGates), Near(hiddenGates), Near(hidden), Near(activations), Near(result));

    public override void GruStepBackward(
        Tensor hiddenGates, Tensor hidden, Tensor activations, Tensor gradient, Tensor? inputGatesGradient, Tensor? hiddenGatesGradient, Tensor? hiddenGradient) =>
        _near.GruStepBackward(Near(hiddenGates), Near(hidden), Near(activations), Near(gradient), Near(inputGatesGradient), Near(hiddenGatesGradient), Near(hiddenGradient));

    public override void BlockErrors(
        FeatureLayout layout, Tensor output, Tensor target, Tensor errors) =>
        _near.BlockErrors(layout, Near(output), Near(target), Near(errors));

    public override void BlockErrorsBackward(
        FeatureLayout layout, Tensor output, Tensor target, Tensor errorsGradient, Tensor outputGradient) =>
        _near.BlockErrorsBackward(layout, Near(output), Near(target), Near(errorsGradient), Near(outputGradient));

    public override void RowErrors(
        FeatureLayout layout, Tensor output, Tensor target, Tensor weights, Tensor? present, Tensor errors) =>
        _near.RowErrors(layout, Near(output), Near(target), Near(weights), Near(present), Near(errors));

    public override void RowErrorsBackward(
        FeatureLayout layout, Tensor output, Tensor target, Tensor weights, Tensor? present, Tensor errorsGradient, Tensor outputGradient, bool accumulate) =>
        _near.RowErrorsBackward(layout, Near(output), Near(target), Near(weights), Near(present), Near(errorsGradient), Near(outputGradient), accumulate);

    public override void AdamW(
        Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep step) =>
        _near.AdamW(Near(parameter), Near(gradient), Near(firstMoment), Near(secondMoment), in step);
}

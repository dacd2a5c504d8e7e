using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Tests.Tensors;

/// <content>Kernels of flows and Gaussian likelihoods: those of the native device.</content>
internal sealed partial class FarDevice
{
    public override void MatMulTriangular(
        Tensor left, bool transposeLeft, Tensor right, bool transposeRight, Tensor result, bool accumulate, MatrixTriangle triangle) =>
        _near.MatMulTriangular(Near(left), transposeLeft, Near(right), transposeRight, Near(result), accumulate, triangle);

    public override void TakeTriangle(
        Tensor weights, Tensor? logDiagonal, bool isLower, Tensor triangle) =>
        _near.TakeTriangle(Near(weights), Near(logDiagonal), isLower, Near(triangle));

    public override void TakeTriangleBackward(
        Tensor triangle, bool isLower, Tensor gradient, Tensor? weightsGradient, bool accumulate, Tensor? logDiagonalGradient) =>
        _near.TakeTriangleBackward(Near(triangle), isLower, Near(gradient), Near(weightsGradient), accumulate, Near(logDiagonalGradient));

    public override void Couple(
        Tensor input, Tensor head, CouplingShape shape, Tensor output, Tensor logScales, Tensor scales, Tensor sums) =>
        _near.Couple(Near(input), Near(head), shape, Near(output), Near(logScales), Near(scales), Near(sums));

    public override void CoupleBackward(
        Tensor input, Tensor logScales, Tensor scales, CouplingShape shape, Tensor outputGradient, Tensor sumsGradient, Tensor inputGradient, bool addsInput, Tensor headGradient, bool addsHead) =>
        _near.CoupleBackward(Near(input), Near(logScales), Near(scales), shape, Near(outputGradient), Near(sumsGradient), Near(inputGradient), addsInput, Near(headGradient), addsHead);

    public override void ShiftScale(
        Tensor input, Tensor bias, Tensor scale, Tensor result) =>
        _near.ShiftScale(Near(input), Near(bias), Near(scale), Near(result));

    public override void ShiftScaleBackward(
        Tensor result, Tensor scale, Tensor gradient, Tensor inputGradient, bool accumulate, Tensor biasGradient, Tensor logScaleGradient) =>
        _near.ShiftScaleBackward(Near(result), Near(scale), Near(gradient), Near(inputGradient), accumulate, Near(biasGradient), Near(logScaleGradient));

    public override void GaussianResiduals(
        Tensor decoded, Tensor target, Tensor? present, float bound, Tensor residuals, Tensor logDeviations, Tensor precisions, Tensor costs) =>
        _near.GaussianResiduals(Near(decoded), Near(target), Near(present), bound, Near(residuals), Near(logDeviations), Near(precisions), Near(costs));

    public override void GaussianResidualsBackward(
        Tensor residuals, Tensor logDeviations, Tensor precisions, Tensor? present, float bound, Tensor residualsGradient, Tensor costsGradient, Tensor decodedGradient, bool accumulate) =>
        _near.GaussianResidualsBackward(Near(residuals), Near(logDeviations), Near(precisions), Near(present), bound, Near(residualsGradient), Near(costsGradient), Near(decodedGradient), accumulate);
}

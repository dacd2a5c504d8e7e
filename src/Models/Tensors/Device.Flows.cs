using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tensors;

/// <content>What flows and Gaussian likelihoods need in one pass.</content>
internal abstract partial class Device
{
    /// <summary>C = op(A) op(B) (+ C), leaving out what a triangle saves; see <see cref="MatrixTriangle"/>.</summary>
    public abstract void MatMulTriangular(
        Tensor left, bool transposeLeft, Tensor right, bool transposeRight, Tensor result, bool accumulate, MatrixTriangle triangle);

    /// <summary>Copies what is strictly on one side of the diagonal, sets the diagonal to exp(s), or to 1 without s, and the other side to 0.</summary>
    public abstract void TakeTriangle(Tensor weights, Tensor? logDiagonal, bool isLower, Tensor triangle);

    /// <summary>Computes or adds the gradient of the weights of <see cref="TakeTriangle"/>, 0 outside of the triangle, and adds that of s.</summary>
    public abstract void TakeTriangleBackward(
        Tensor triangle, bool isLower, Tensor gradient, Tensor? weightsGradient, bool accumulate, Tensor? logDiagonalGradient);

    /// <summary>Computes an affine coupling, keeps s and exp(s), and sums s over each row; see <see cref="Autograd.CouplingMap"/>.</summary>
    public abstract void Couple(Tensor input, Tensor head, CouplingShape shape, Tensor output, Tensor logScales, Tensor scales, Tensor sums);

    /// <summary>Computes or adds the gradients of <see cref="Couple"/>.</summary>
    public abstract void CoupleBackward(
        Tensor input,
        Tensor logScales,
        Tensor scales,
        CouplingShape shape,
        Tensor outputGradient,
        Tensor sumsGradient,
        Tensor inputGradient,
        bool addsInput,
        Tensor headGradient,
        bool addsHead);

    /// <summary>y = (x + b) e, with one b and e a column; see <see cref="Autograd.ShiftScale"/>.</summary>
    public abstract void ShiftScale(Tensor input, Tensor bias, Tensor scale, Tensor result);

    /// <summary>Computes or adds the gradient of the input of <see cref="ShiftScale"/>, and adds those of b and ln e.</summary>
    public abstract void ShiftScaleBackward(
        Tensor result, Tensor scale, Tensor gradient, Tensor inputGradient, bool accumulate, Tensor biasGradient, Tensor logScaleGradient);

    /// <summary>Standardises residuals and sums the cost of the deviations over each row; see <see cref="Autograd.GaussianResiduals"/>.</summary>
    public abstract void GaussianResiduals(
        Tensor decoded, Tensor target, Tensor? present, float bound, Tensor residuals, Tensor logDeviations, Tensor precisions, Tensor costs);

    /// <summary>Computes or adds the gradient of <see cref="GaussianResiduals"/> with respect to what was decoded.</summary>
    public abstract void GaussianResidualsBackward(
        Tensor residuals,
        Tensor logDeviations,
        Tensor precisions,
        Tensor? present,
        float bound,
        Tensor residualsGradient,
        Tensor costsGradient,
        Tensor decodedGradient,
        bool accumulate);
}

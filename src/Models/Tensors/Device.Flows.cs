using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tensors;

/// <content>What flows and Gaussian likelihoods need in one pass.</content>
internal abstract partial class Device
{
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

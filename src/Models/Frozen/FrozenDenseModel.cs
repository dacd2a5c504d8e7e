using System.Runtime.Intrinsics;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores rows with a stack of dense layers.</summary>
internal abstract class FrozenDenseModel : FrozenModel
{
    /// <summary>Packs a stack of layers.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="blockWeights">Weight of each block's error in the score, at least 0.</param>
    /// <param name="layers">Layers in order; the first takes a row, the last gives means of real features and logits of the others.</param>
    /// <param name="latentLayer">Index of the layer whose output is the latent vector.</param>
    /// <param name="klWeight">
    /// Null for a plain latent vector. Otherwise the latent layer gives the means and then the logarithms of the variances of a Gaussian; only the means go on to the
    /// next layer, and the score gains this weight times the divergence from the standard normal distribution.
    /// </param>
    /// <param name="width">Registers to work with; by default the widest of this machine. The scores do not depend on it.</param>
    /// <exception cref="ArgumentException">The parts do not fit together, or a number is not finite.</exception>
    public static FrozenModel Create(
        FeatureLayout layout,
        ReadOnlySpan<float> blockWeights,
        IReadOnlyList<DenseLayer> layers,
        int latentLayer,
        float? klWeight = null,
        VectorWidth? width = null) => (width ?? VectorWidths.Widest) switch
        {
            VectorWidth.Bits512 => new FrozenDenseModel<Lanes16, Vector512<float>>(layout, blockWeights, layers, latentLayer, klWeight),
            VectorWidth.Bits256 => new FrozenDenseModel<Lanes8, Vector256<float>>(layout, blockWeights, layers, latentLayer, klWeight),
            VectorWidth.Bits128 => new FrozenDenseModel<Lanes4, Vector128<float>>(layout, blockWeights, layers, latentLayer, klWeight),
            _ => new FrozenDenseModel<Lanes1, float>(layout, blockWeights, layers, latentLayer, klWeight),
        };
}

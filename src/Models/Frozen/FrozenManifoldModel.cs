using System.Runtime.Intrinsics;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Manifolds;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores rows with a stack of dense layers whose latent vector is projected onto a manifold; lying beside it costs.</summary>
internal abstract class FrozenManifoldModel : FrozenModel
{
    /// <summary>Packs a stack of layers.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="blockWeights">Weight of each block's error in the score, at least 0.</param>
    /// <param name="layers">Layers in order; the first takes a row, the last gives means of real features and logits of the others.</param>
    /// <param name="latentLayer">Index of the layer whose output is projected.</param>
    /// <param name="manifold">Manifold of the codes.</param>
    /// <param name="membershipWeight">Weight of the squared deviation from the manifold in the score.</param>
    /// <param name="width">Registers to work with; by default the widest of this machine. The scores do not depend on it.</param>
    /// <exception cref="ArgumentException">The parts do not fit together, or a number is not finite.</exception>
    public static FrozenManifoldModel Create(
        FeatureLayout layout,
        ReadOnlySpan<float> blockWeights,
        IReadOnlyList<DenseLayer> layers,
        int latentLayer,
        ConstantCurvatureManifold manifold,
        float membershipWeight,
        VectorWidth? width = null) => (width ?? VectorWidths.Widest) switch
        {
            VectorWidth.Bits512 => new FrozenManifoldModel<Lanes16, Vector512<float>>(layout, blockWeights, layers, latentLayer, manifold, membershipWeight),
            VectorWidth.Bits256 => new FrozenManifoldModel<Lanes8, Vector256<float>>(layout, blockWeights, layers, latentLayer, manifold, membershipWeight),
            VectorWidth.Bits128 => new FrozenManifoldModel<Lanes4, Vector128<float>>(layout, blockWeights, layers, latentLayer, manifold, membershipWeight),
            _ => new FrozenManifoldModel<Lanes1, float>(layout, blockWeights, layers, latentLayer, manifold, membershipWeight),
        };
}

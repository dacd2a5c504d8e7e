using System.Runtime.Intrinsics;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores each field of a row by the error of a network that sees only the others.</summary>
internal abstract class FrozenMaskedModel : FrozenModel
{
    /// <summary>Packs a stack of layers.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="blockWeights">Weight of each block's error in the score, at least 0.</param>
    /// <param name="layers">Layers in order; the first takes a row and one flag a block, 1 where hidden; the last gives means of real features and logits of the others.</param>
    /// <param name="latentLayer">Index of the layer whose output is the latent vector.</param>
    /// <param name="width">Registers to work with; by default the widest of this machine. The scores do not depend on it.</param>
    /// <exception cref="ArgumentException">The parts do not fit together, or a number is not finite.</exception>
    public static FrozenMaskedModel Create(
        FeatureLayout layout, ReadOnlySpan<float> blockWeights, IReadOnlyList<DenseLayer> layers, int latentLayer, VectorWidth? width = null) =>
        (width ?? VectorWidths.Widest) switch
        {
            VectorWidth.Bits512 => new FrozenMaskedModel<Lanes16, Vector512<float>>(layout, blockWeights, layers, latentLayer),
            VectorWidth.Bits256 => new FrozenMaskedModel<Lanes8, Vector256<float>>(layout, blockWeights, layers, latentLayer),
            VectorWidth.Bits128 => new FrozenMaskedModel<Lanes4, Vector128<float>>(layout, blockWeights, layers, latentLayer),
            _ => new FrozenMaskedModel<Lanes1, float>(layout, blockWeights, layers, latentLayer),
        };
}

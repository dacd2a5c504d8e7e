using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;

namespace AEAnomaly.Models.Variants.Temporal;

/// <summary>Hands a temporal-difference network over for frozen scoring.</summary>
internal static class TemporalDifferenceFreezer
{
    /// <summary>Copies the weights.</summary>
    public static FrozenTemporalModel Freeze(TemporalDifferenceVae network)
    {
        var vectors = VectorWidths.Widest;
        return new FrozenTemporalModel(
            network.Layout,
            new FrozenTemporalParts(
                network.Window,
                network.Jump,
                FrozenGru.Of(network.Memory),
                Maps(network.Belief),
                Maps(network.Smoothing),
                Maps(network.Transition),
                RowMajorLayers.Take(network.Decoder),
                new FrozenMixedLikelihood(network.Layout, network.Likelihood, vectors),
                network.Draws.ToArray(),
                network.Reference),
            vectors);
    }

    private static FrozenGatedGaussian[] Maps(LayeredGaussian distribution) => [.. distribution.Levels.Select(FrozenGatedGaussian.Of)];
}

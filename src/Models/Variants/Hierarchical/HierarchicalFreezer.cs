using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Variants.Hierarchical;

/// <summary>Hands a hierarchical variational autoencoder over for frozen scoring; what only the variances need is left out.</summary>
internal static class HierarchicalFreezer
{
    /// <summary>Copies the weights.</summary>
    /// <param name="network">Trained network.</param>
    /// <param name="vectors">Vector registers to score with; the scores do not depend on it.</param>
    public static FrozenHierarchicalModel Freeze(HierarchicalVae network, VectorWidth? vectors = null)
    {
        var encoder = RowMajorLayers.Take(network.Encoder);
        encoder[^1] = RowMajorLayers.Take(network.Encoder.Layers[^1], relu: false, network.FirstWidth);
        return new FrozenHierarchicalModel(
            network.Layout,
            network.Loss.Weights.ToArray(),
            encoder,
            RowMajorLayers.Take(network.Decoder),
            [.. network.Further.Select(group => new FrozenLatentGroup(
                RowMajorLayers.Take(group.Prior, relu: false, group.Width),
                RowMajorLayers.Take(group.Residual, relu: false, group.Width),
                RowMajorLayers.Take(group.Injection, relu: false)))],
            vectors ?? VectorWidths.Widest);
    }
}

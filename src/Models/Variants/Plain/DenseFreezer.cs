using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;

namespace AEAnomaly.Models.Variants.Plain;

/// <summary>Hands an encoder and a decoder over for frozen scoring.</summary>
internal static class DenseFreezer
{
    /// <summary>Packs encoder and decoder into one stack; the score is the weighted reconstruction error.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="loss">Gives the weights of the blocks.</param>
    /// <param name="encoder">Layers from the row to the latent vector.</param>
    /// <param name="decoder">Layers from the latent vector to the reconstruction.</param>
    /// <param name="latent">
    /// Width of the latent vector. An encoder that gives more (means, then variances) is cut after it: what the score does not read is not computed.
    /// </param>
    /// <param name="code">Activation of the latent vector.</param>
    public static FrozenModel Freeze(FeatureLayout layout, ReconstructionLoss loss, Mlp encoder, Mlp decoder, int latent, Activation code = Activation.Identity)
    {
        var layers = new List<DenseLayer>();
        AddLayers(layers, encoder, latent, code);
        var latentLayer = layers.Count - 1;
        AddLayers(layers, decoder, layout.Width, Activation.Identity);
        return FrozenDenseModel.Create(layout, loss.Weights.ToArray(), layers, latentLayer);
    }

    /// <summary>Lists the layers of an encoder and a decoder that are used whole.</summary>
    /// <param name="encoder">Layers to the latent vector.</param>
    /// <param name="decoder">Layers from the latent vector.</param>
    /// <param name="code">Activation of the latent vector.</param>
    public static IReadOnlyList<DenseLayer> Layers(Mlp encoder, Mlp decoder, Activation code)
    {
        var layers = new List<DenseLayer>();
        AddLayers(layers, encoder, encoder.Layers[^1].Bias.Shape[0], code);
        AddLayers(layers, decoder, decoder.Layers[^1].Bias.Shape[0], Activation.Identity);
        return layers;
    }

    private static void AddLayers(List<DenseLayer> layers, Mlp stack, int outputs, Activation last)
    {
        for (var i = 0; i < stack.Layers.Count; i++)
        {
            var isLast = i == stack.Layers.Count - 1;
            var weight = stack.Layers[i].Weight;
            var kept = isLast ? outputs : weight.Shape[0];
            layers.Add(DenseLayer.FromOutputMajor(
                weight.ToArray().AsSpan(0, kept * weight.Shape[1]),
                stack.Layers[i].Bias.ToArray().AsSpan(0, kept),
                isLast ? last : Activation.Relu));
        }
    }
}

using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Frozen;

/// <summary>Refuses stacks whose parts do not fit together.</summary>
internal static class DenseStackRules
{
    /// <exception cref="ArgumentException">The parts do not fit together, or a number is not finite.</exception>
    public static void Check(
        FeatureLayout layout, ReadOnlySpan<float> blockWeights, IReadOnlyList<DenseLayer> layers, int latentLayer, float? klWeight)
    {
        if (blockWeights.Length != layout.BlockCount)
            throw new ArgumentException($"{blockWeights.Length} block weights do not fit {layout.BlockCount} blocks.", nameof(blockWeights));

        for (var i = 0; i < blockWeights.Length; i++)
        {
            if (!float.IsFinite(blockWeights[i]) || blockWeights[i] < 0)
                throw new ArgumentException($"The weight of block {i} is {blockWeights[i]}; it must be finite and at least 0.", nameof(blockWeights));
        }

        if (klWeight is { } weight && (!float.IsFinite(weight) || weight < 0))
            throw new ArgumentException($"The weight of the divergence is {weight}; it must be finite and at least 0.", nameof(klWeight));

        if (latentLayer < 0 || latentLayer >= layers.Count)
            throw new ArgumentException($"The latent layer is {latentLayer}; there are {layers.Count} layers.", nameof(latentLayer));

        var inputs = layout.Width;
        for (var i = 0; i < layers.Count; i++)
            inputs = CheckLayer(layers[i], i, inputs, isGaussian: klWeight.HasValue && i == latentLayer);

        if (inputs != layout.Width)
            throw new ArgumentException($"The last layer gives {inputs} values; a row has {layout.Width} features.", nameof(layers));
    }

    /// <returns>The number of values the layer hands on.</returns>
    private static int CheckLayer(DenseLayer layer, int index, int inputs, bool isGaussian)
    {
        if (layer.Bias.Length == 0 || layer.Weights.Length != (long)inputs * layer.Bias.Length)
        {
            throw new ArgumentException(
                $"Layer {index} has {layer.Weights.Length} weights and {layer.Bias.Length} outputs; it is handed {inputs} values.", nameof(layer));
        }

        if (layer.Weights.AsSpan().ContainsAnyExceptFinite() || layer.Bias.AsSpan().ContainsAnyExceptFinite())
            throw new ArgumentException($"Layer {index} has a weight or bias that is not finite.", nameof(layer));

        if (!isGaussian)
            return layer.Outputs;

        return layer.Outputs % 2 == 0
            ? layer.Outputs / 2
            : throw new ArgumentException($"Layer {index} gives {layer.Outputs} values; means and variances need an even number.", nameof(layer));
    }

    private static bool ContainsAnyExceptFinite(this Span<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                return true;
        }

        return false;
    }
}

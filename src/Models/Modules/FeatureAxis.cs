namespace AEAnomaly.Models.Modules;

/// <summary>Says what the entries along an axis of a parameter stand for, so that they can be taken over by a network of other features.</summary>
/// <param name="Parameter">Name of the parameter; with a full stop at its end, all whose names begin so.</param>
/// <param name="Axis">Axis, from 0.</param>
/// <param name="Slots">What each entry stands for.</param>
/// <param name="IsWhole">Whether the parameter means something only together with all of its features, in their order.</param>
internal sealed record FeatureAxis(string Parameter, int Axis, FeatureSlot[] Slots, bool IsWhole = false)
{
    /// <summary>Describes a network from encoder.0 to the last layer of the decoder, both fully connected.</summary>
    /// <param name="inputs">What the encoder reads.</param>
    /// <param name="outputs">What the decoder gives.</param>
    /// <param name="hiddenLayers">Layers between the latent vector and the output.</param>
    public static IReadOnlyList<FeatureAxis> OfDense(FeatureSlot[] inputs, FeatureSlot[] outputs, int hiddenLayers) =>
    [
        new FeatureAxis("encoder.0.weight", 1, inputs),
        new FeatureAxis($"decoder.{hiddenLayers}.weight", 0, outputs),
        new FeatureAxis($"decoder.{hiddenLayers}.bias", 0, outputs),
    ];

    public bool IsOf(string parameter) => Parameter.EndsWith('.') ? parameter.StartsWith(Parameter, StringComparison.Ordinal) : parameter == Parameter;
}

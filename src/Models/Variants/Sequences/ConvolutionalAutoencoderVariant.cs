using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Sequences;

/// <summary>Defines "conv".</summary>
internal sealed class ConvolutionalAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "conv",
    "Convolutional autoencoder over windows of a sequence: finds shapes that no single record shows; for sensors, metrics and sessions.",
    "Masci et al., Stacked Convolutional Auto-Encoders for Hierarchical Feature Extraction, ICANN 2011; Thill et al., Temporal Convolutional Autoencoder for Unsupervised Anomaly Detection in Time Series, 2021",
    typeof(ConvolutionalAutoencoderOptions)))
{
    public override VariantOptions CreateOptions() => new ConvolutionalAutoencoderOptions();

    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout) =>
        SequenceWidths.ResolveReconstructing((SequenceOptions)options, layout, [64, 64]);

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new ConvolutionalAutoencoder((ConvolutionalAutoencoderOptions)options, layout, parameters, blockWeights, random);
}

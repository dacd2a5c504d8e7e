using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Plain;

/// <summary>Defines "linear", the linear autoencoder.</summary>
internal sealed class LinearAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "linear",
    "Linear autoencoder: finds the subspace of principal component analysis; the baseline to beat, and the cheapest to score.",
    "Baldi and Hornik, Neural Networks and Principal Component Analysis, Neural Networks 2, 1989",
    typeof(LinearAutoencoderOptions))
{
    Scores = ScoreKinds.OfReconstructions,
})
{
    // As for "ae": nothing but its width keeps this network from copying.
    public override double LargestLatentShare => 0.5;

    public override bool HasHiddenLayers => false;

    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout) =>
        NetworkWidths.ResolveLatent(options, layout, LargestLatentShare);

    public override VariantOptions CreateOptions() => new LinearAutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new LinearAutoencoder((LinearAutoencoderOptions)options, layout, parameters, blockWeights, random);
}

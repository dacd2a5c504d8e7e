using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Denoising;

/// <summary>Defines "stacked-denoising", the stacked denoising autoencoder.</summary>
internal sealed class StackedDenoisingVariant() : VariantDefinition(new VariantDescriptor(
    "stacked-denoising",
    "Stacked denoising autoencoder: learned layer by layer before it is tuned as a whole; for deep networks on few rows.",
    "Vincent et al., Stacked Denoising Autoencoders, JMLR 11, 2010",
    typeof(StackedDenoisingOptions))
{
    Scores = ScoreKinds.OfReconstructions,
})
{
    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout) => NetworkWidths.ResolveWide(options, layout, HasHiddenLayers);

    public override VariantOptions CreateOptions() => new StackedDenoisingOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new StackedDenoisingAutoencoder((StackedDenoisingOptions)options, layout, parameters, blockWeights, random);
}

using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Regularized;

/// <summary>Defines "contractive", the contractive autoencoder.</summary>
internal sealed class ContractiveAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "contractive",
    "Contractive autoencoder: one wide layer whose code is kept insensitive to the row except along the data; for smooth relations between real fields.",
    "Rifai et al., Contractive Auto-Encoders: Explicit Invariance During Feature Extraction, ICML 2011",
    typeof(ContractiveAutoencoderOptions))
{
    Scores = ScoreKinds.OfReconstructions,
})
{
    public override bool HasHiddenLayers => false;

    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout) => NetworkWidths.ResolveWide(options, layout, HasHiddenLayers);

    public override VariantOptions CreateOptions() => new ContractiveAutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new ContractiveAutoencoder((ContractiveAutoencoderOptions)options, layout, parameters, blockWeights, random);
}

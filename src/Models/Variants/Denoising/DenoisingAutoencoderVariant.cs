using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Denoising;

/// <summary>Defines "denoising", the denoising autoencoder.</summary>
internal sealed class DenoisingAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "denoising",
    "Denoising autoencoder: restores clean rows from corrupted ones and needs no narrow layer for it; the default, and the strongest single network on most tables.",
    "Vincent et al., Extracting and Composing Robust Features with Denoising Autoencoders, ICML 2008",
    typeof(DenoisingAutoencoderOptions))
{
    Scores = ScoreKinds.OfReconstructions,

    // Measured on both splits of ten open sets: 3 AUC-PR and 2 AUC-ROC better than the error alone, at four times the cost.
    DefaultScores = [ScoreKind.Reconstruction, ScoreKind.NearestNormal, ScoreKind.NearestResidual, ScoreKind.NearestLatent],
})
{
    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout) => NetworkWidths.ResolveWide(options, layout, HasHiddenLayers);

    public override VariantOptions CreateOptions() => new DenoisingAutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new DenoisingAutoencoder((DenoisingAutoencoderOptions)options, layout, parameters, blockWeights, random);
}

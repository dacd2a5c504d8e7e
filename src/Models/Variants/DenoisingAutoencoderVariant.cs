using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Models.Variants;

/// <summary>Defines "denoising", the denoising autoencoder.</summary>
internal sealed class DenoisingAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "denoising",
    "Denoising autoencoder: restores clean rows from corrupted ones, and judges by how far a row is from normal ones, as it is and as the network sees it; the default.",
    "Vincent et al., Extracting and Composing Robust Features with Denoising Autoencoders, ICML 2008",
    typeof(DenoisingAutoencoderOptions))
{
    Scores = ScoreKinds.OfReconstructions,
    DefaultScores = [ScoreKind.NearestNormal, ScoreKind.NearestResidual, ScoreKind.NearestLatent],
})
{
    public override VariantOptions Resolve(VariantOptions options, FeatureLayout layout)
    {
        var resolved = NetworkWidths.ResolveWide(options, layout, HasHiddenLayers);
        if (resolved.Scores.Count == 0)
            resolved.Scores = [.. Descriptor.DefaultScores];
        return resolved;
    }

    public override VariantOptions CreateOptions() => new DenoisingAutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new DenoisingAutoencoder((DenoisingAutoencoderOptions)options, layout, parameters, blockWeights, random);
}

using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Variational;

/// <summary>Defines "factor-vae", the variational autoencoder with independent latents.</summary>
internal sealed class FactorVariationalAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "factor-vae",
    "Factor-VAE: a variational autoencoder whose latents are kept independent of each other; for latent vectors that separate causes.",
    "Kim and Mnih, Disentangling by Factorising, ICML 2018",
    typeof(FactorVariationalAutoencoderOptions))
{
    Scores = ScoreKinds.OfPosteriors,
    IsGenerative = true,
})
{
    public override VariantOptions CreateOptions() => new FactorVariationalAutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new FactorVariationalAutoencoder((FactorVariationalAutoencoderOptions)options, layout, parameters, blockWeights, random);
}

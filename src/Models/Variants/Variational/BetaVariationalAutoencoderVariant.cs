using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Variational;

/// <summary>Defines "beta-vae", the variational autoencoder with a weighted divergence.</summary>
internal sealed class BetaVariationalAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "beta-vae",
    "Beta-VAE: a variational autoencoder whose codes are pressed harder towards independence; for noisy data and for latent vectors people read.",
    "Higgins et al., beta-VAE, ICLR 2017; Burgess et al., Understanding disentangling in beta-VAE, 2018",
    typeof(BetaVariationalAutoencoderOptions))
{
    Scores = ScoreKinds.OfPosteriors,
    IsGenerative = true,
})
{
    public override VariantOptions CreateOptions() => new BetaVariationalAutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new BetaVariationalAutoencoder((BetaVariationalAutoencoderOptions)options, layout, parameters, blockWeights, random);
}

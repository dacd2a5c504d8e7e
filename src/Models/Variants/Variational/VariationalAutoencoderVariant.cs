using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Variational;

/// <summary>Defines "vae", the variational autoencoder.</summary>
internal sealed class VariationalAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "vae",
    "Variational autoencoder: codes are distributions kept close to a standard normal, which smooths the latent space and resists overfitting.",
    "Kingma and Welling, Auto-Encoding Variational Bayes, ICLR 2014",
    typeof(VariationalAutoencoderOptions))
{
    Scores = ScoreKinds.OfPosteriors,
    IsGenerative = true,
})
{
    public override VariantOptions CreateOptions() => new VariationalAutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new VariationalAutoencoder((VariationalAutoencoderOptions)options, layout, parameters, blockWeights, random);
}

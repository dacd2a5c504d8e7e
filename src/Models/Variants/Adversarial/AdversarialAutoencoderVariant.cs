using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Adversarial;

/// <summary>Defines "adversarial", the adversarial autoencoder.</summary>
internal sealed class AdversarialAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "adversarial",
    "Adversarial autoencoder: codes lie on a flat, spherical or hyperbolic space and follow its prior; for data with cycles or hierarchies.",
    "Makhzani et al., Adversarial Autoencoders, 2015; Grattarola, Livi and Alippi, Adversarial Autoencoders with Constant-Curvature Latent Manifolds, 2018",
    typeof(AdversarialAutoencoderOptions))
{
    Scores = ScoreKinds.OfReconstructions,
    IsGenerative = true,
})
{
    // As for "ae": what holds the codes to the prior does not keep the network from copying.
    public override double LargestLatentShare => 0.5;

    public override VariantOptions CreateOptions() => new AdversarialAutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new AdversarialAutoencoder((AdversarialAutoencoderOptions)options, layout, parameters, blockWeights, random);
}

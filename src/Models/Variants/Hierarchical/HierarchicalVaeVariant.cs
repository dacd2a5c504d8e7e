using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Hierarchical;

/// <summary>Defines "hierarchical-vae", groups of latent variables from the coarsest to the finest.</summary>
internal sealed class HierarchicalVaeVariant() : VariantDefinition(new VariantDescriptor(
    "hierarchical-vae",
    "Variational autoencoder with latent groups from coarse to fine, each given the ones above: for records whose details depend on what kind they are.",
    "Vahdat and Kautz, NVAE: A Deep Hierarchical Variational Autoencoder, NeurIPS 2020",
    typeof(HierarchicalVaeOptions))
{
    Scores = ScoreKinds.OfReconstructions,
    IsGenerative = true,
})
{
    public override VariantOptions CreateOptions() => new HierarchicalVaeOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new HierarchicalVae((HierarchicalVaeOptions)options, layout, parameters, blockWeights, random);
}

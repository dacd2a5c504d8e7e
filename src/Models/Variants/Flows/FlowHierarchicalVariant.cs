using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Flows;

/// <summary>Defines "flow-hierarchical", a multi-scale flow conditioned on the encoder layer by layer.</summary>
internal sealed class FlowHierarchicalVariant() : VariantDefinition(new VariantDescriptor(
    "flow-hierarchical",
    "Multi-scale flow, each level conditioned on a code from another layer of the encoder: fine detail from the first layer, structure from the last.",
    "Kingma and Dhariwal, Glow, NeurIPS 2018; Ma, Kong, Zhang and Hovy, ICLR 2021 (arXiv 2004.11820)",
    typeof(FlowHierarchicalOptions))
{
    Scores = ScoreKinds.OfFlows,
    IsGenerative = true,
})
{
    public override VariantOptions CreateOptions() => new FlowHierarchicalOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new FlowNetwork((FlowOptions)options, Math.Min(options.Hidden.Count, options.Latent!.Value), layout, parameters, random);
}

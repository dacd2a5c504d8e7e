using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Flows;

/// <summary>Defines "flow-vae", a global code and an invertible flow for the local detail.</summary>
internal sealed class FlowVaeVariant() : VariantDefinition(new VariantDescriptor(
    "flow-vae",
    "Variational autoencoder whose decoder is an invertible flow: exact likelihood of a record given its code; for densities no bottleneck can draw.",
    "Ma, Kong, Zhang and Hovy, Decoupling Global and Local Representations via Invertible Generative Flows, ICLR 2021 (arXiv 2004.11820, 2020)",
    typeof(FlowVaeOptions))
{
    Scores = ScoreKinds.OfFlows,
    IsGenerative = true,
})
{
    public override VariantOptions CreateOptions() => new FlowVaeOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new FlowNetwork((FlowOptions)options, levels: 1, layout, parameters, random);
}

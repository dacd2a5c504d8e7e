using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Variants.Definition;
using AEAnomaly.Models.Variants.Sequences;

namespace AEAnomaly.Models.Variants.Temporal;

/// <summary>Defines "td-vae".</summary>
internal sealed class TemporalDifferenceVariant() : VariantDefinition(new VariantDescriptor(
    "td-vae",
    "Temporal-difference VAE over windows of a sequence: predicts the record several steps ahead from a belief; how unlikely it was, in nats.",
    "Gregor, Papamakarios, Besse, Buesing and Weber, Temporal Difference Variational Auto-Encoder, ICLR 2019 (arXiv 1806.03107)",
    typeof(TemporalDifferenceOptions)))
{
    private const int DefaultJump = 4;

    public override VariantOptions CreateOptions() => new TemporalDifferenceOptions();

    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout)
    {
        var resolved = (TemporalDifferenceOptions)SequenceWidths.Resolve((SequenceOptions)options, layout, [64]);
        resolved.Jump ??= Math.Min(DefaultJump, resolved.Window - 1);
        return resolved;
    }

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new TemporalDifferenceVae((TemporalDifferenceOptions)options, layout, parameters, random);
}

using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.CrossDomain;

/// <summary>Defines "cross-domain", the cross-domain autoencoder.</summary>
internal sealed class CrossDomainVariant() : VariantDefinition(new VariantDescriptor(
    "cross-domain",
    "Cross-domain autoencoder: foresees each of two field groups (say customer and transaction) from the other; finds rows whose halves are normal but do not belong together.",
    "Yoo et al., cross-domain autoencoders, 2019; the loss is that of the full correspondence autoencoder, Feng et al., Cross-modal Retrieval with Correspondence Autoencoder, ACM Multimedia 2014",
    typeof(CrossDomainOptions))
{
    Scores = ScoreKinds.OfReconstructions,
})
{
    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout)
    {
        var resolved = (CrossDomainOptions)base.ResolveWidths(options, layout);
        if (layout.Fields is not { } fields)
            throw new ArgumentException("Variant 'cross-domain' finds its groups by the names of fields; the layout has none.", nameof(layout));

        // A field that training found no value of has no block, and belongs to no group then.
        resolved.FirstBlocks = [.. Enumerable.Range(0, fields.Count).Where(block => resolved.FirstFields.Contains(fields[block]))];
        if (resolved.FirstBlocks.Count == 0 || resolved.FirstBlocks.Count == fields.Count)
        {
            throw new ArgumentException(
                $"Variant 'cross-domain' needs fields with values in both groups; first_fields ({string.Join(", ", resolved.FirstFields)}) takes "
                + $"{(resolved.FirstBlocks.Count == 0 ? "none" : "all")} of {string.Join(", ", fields)}. Name some of them, not all.",
                nameof(options));
        }

        return resolved;
    }

    public override VariantOptions CreateOptions() => new CrossDomainOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new CrossDomainAutoencoder((CrossDomainOptions)options, layout, parameters, blockWeights, random);
}

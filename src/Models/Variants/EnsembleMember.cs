using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants;

/// <summary>Holds a member of an ensemble.</summary>
/// <param name="definition">Its variant.</param>
/// <param name="options">Its options, every width given.</param>
/// <param name="network">Its network; the parameters are a part of the ensemble's.</param>
internal sealed class EnsembleMember(VariantDefinition definition, VariantOptions options, Network network)
{
    public VariantDefinition Definition { get; } = definition;

    public VariantOptions Options { get; } = options;

    public Network Network { get; } = network;

    /// <summary>Gets or sets the scores fitted on top of the network's own, or null; known once the network is fitted or read.</summary>
    public ScoreSuite? Scores { get; set; }

    /// <summary>Packs the weights for scoring.</summary>
    public FrozenModel Freeze() => Scores is null ? Network.Freeze() : new FrozenScoredModel(Network.Freeze(), Scores);
}

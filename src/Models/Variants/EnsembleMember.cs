using AEAnomaly.Models.Training;

namespace AEAnomaly.Models.Variants;

/// <summary>Pairs a member's network with its variant.</summary>
/// <param name="Definition">The variant.</param>
/// <param name="Network">The network; its parameters are a part of the ensemble's.</param>
internal sealed record EnsembleMember(VariantDefinition Definition, Network Network);

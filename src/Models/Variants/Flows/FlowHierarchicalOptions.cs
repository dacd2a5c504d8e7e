namespace AEAnomaly.Models.Variants.Flows;

/// <summary>Sets the shape and the objective of the multi-scale flow; it has a level for each hidden layer, as far as the latent width goes round.</summary>
public sealed class FlowHierarchicalOptions : FlowOptions;

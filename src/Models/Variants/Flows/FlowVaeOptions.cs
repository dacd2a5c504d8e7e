namespace AEAnomaly.Models.Variants.Flows;

/// <summary>Sets the shape and the objective of the variational autoencoder with a flow as its decoder.</summary>
public sealed class FlowVaeOptions : FlowOptions;

namespace AEAnomaly.Models.Variants.Plain;

/// <summary>Sets the width of the linear autoencoder.</summary>
public sealed class LinearAutoencoderOptions : ShallowOptions;

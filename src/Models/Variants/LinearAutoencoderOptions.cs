namespace AEAnomaly.Models.Variants;

/// <summary>Sets the width of the linear autoencoder.</summary>
public sealed class LinearAutoencoderOptions : ShallowOptions;

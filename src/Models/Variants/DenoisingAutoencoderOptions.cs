namespace AEAnomaly.Models.Variants;

/// <summary>Sets the shape and the corruption of the denoising autoencoder.</summary>
public sealed class DenoisingAutoencoderOptions : CorruptingOptions;

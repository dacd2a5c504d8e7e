namespace AEAnomaly.Models.Variants.Denoising;

/// <summary>Sets the shape and the corruption of the denoising autoencoder.</summary>
public sealed class DenoisingAutoencoderOptions : CorruptingOptions;

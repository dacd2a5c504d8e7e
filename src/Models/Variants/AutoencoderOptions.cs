namespace AEAnomaly.Models.Variants;

/// <summary>Sets the shape of the undercomplete autoencoder.</summary>
public sealed class AutoencoderOptions : VariantOptions;

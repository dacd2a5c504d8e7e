using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Plain;

/// <summary>Sets the shape of the undercomplete autoencoder.</summary>
public sealed class AutoencoderOptions : VariantOptions;

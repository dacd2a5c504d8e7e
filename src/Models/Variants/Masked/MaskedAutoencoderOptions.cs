using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Masked;

/// <summary>Sets the shape and the masks of the masked autoencoder.</summary>
public sealed class MaskedAutoencoderOptions : VariantOptions
{
    /// <summary>Gets or sets the share of the fields of a row that are hidden while the network learns.</summary>
    /// <value>Default 0.3.</value>
    [Range(0.01, 0.99)]
    [Description("Share of the fields of a row that are hidden while the network learns to foresee them; more for small, closely related tables.")]
    public double HiddenShare { get; set; } = 0.3;
}

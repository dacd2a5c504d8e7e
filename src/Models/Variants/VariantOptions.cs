using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Models.Variants;

/// <summary>Sets the shape of a network; each variant derives its own options from this.</summary>
public abstract class VariantOptions
{
    /// <summary>Gets or sets the widths of the encoder's hidden layers; the decoder mirrors them.</summary>
    /// <value>Default empty: derived from the number of features.</value>
    [Description("Widths of the encoder's hidden layers, mirrored by the decoder; empty derives them from the number of features.")]
    public IList<int> Hidden { get; set; } = [];

    /// <summary>Gets or sets the width of the latent vector.</summary>
    /// <value>Default null: derived from the number of features.</value>
    [Range(1, 4096)]
    [Description("Width of the latent vector; derived from the number of features when not given.")]
    public int? Latent { get; set; }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Variational;

/// <summary>Sets the shape and the objective of the factor-VAE.</summary>
public sealed class FactorVariationalAutoencoderOptions : VariationalOptions
{
    /// <summary>Gets or sets the weight of the total correlation of the codes.</summary>
    /// <value>Default 6.</value>
    [Range(0.0, 10_000.0)]
    [Description("Weight of the total correlation: larger makes the parts of the latent vector more independent without making them carry less.")]
    public double Gamma { get; set; } = 6;

    /// <summary>Gets or sets the width of the discriminator's two hidden layers.</summary>
    /// <value>Default 64.</value>
    [Range(1, 4096)]
    [Description("Width of the two hidden layers of the discriminator that estimates the total correlation.")]
    public int DiscriminatorWidth { get; set; } = 64;
}

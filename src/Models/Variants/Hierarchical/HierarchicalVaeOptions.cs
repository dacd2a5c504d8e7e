using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Hierarchical;

/// <summary>Sets the shape and the objective of the hierarchical variational autoencoder; its groups share the latent width.</summary>
public sealed class HierarchicalVaeOptions : VariantOptions
{
    /// <summary>Gets or sets the number of latent groups.</summary>
    /// <value>Default 2; at most the hidden layers plus 1, and at most the latent width. 1 is the plain variational autoencoder.</value>
    [Range(1, 32)]
    [Description("Groups of latent variables, top-down; at most the hidden layers plus 1 and at most the latent width. 1 is the plain variational autoencoder.")]
    public int Groups { get; set; } = 2;

    /// <summary>Gets or sets the weight of the KL terms.</summary>
    /// <value>Default 1: the evidence lower bound itself.</value>
    [Range(0.0, 1000.0)]
    [Description("Weight of the KL terms in the objective; 1 is the evidence lower bound itself.")]
    public double KlWeight { get; set; } = 1;

    /// <summary>Gets or sets the share of the steps over which the KL weight rises from 0, and over which the groups are balanced.</summary>
    /// <value>Default 0.3, as in NVAE.</value>
    [Range(0.0, 1.0)]
    [Description("Share of the steps over which the KL weight rises from 0 to its value and the groups are balanced against each other.")]
    public double KlWarmUpShare { get; set; } = 0.3;

    /// <summary>Gets or sets the variance of the decoder's Gaussian for a feature of variance 1.</summary>
    /// <value>Default 0.2.</value>
    [Range(1e-4, 10.0)]
    [Description("Variance the decoder allows a unit-variance feature: smaller follows the data more closely, larger keeps only the strongest structure.")]
    public double NoiseVariance { get; set; } = 0.2;
}

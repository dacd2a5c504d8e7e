using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Models.Networks;

/// <summary>Sets what the variational members of the family have in common.</summary>
public abstract class VariationalOptions : VariantOptions
{
    /// <summary>Gets or sets the share of the steps over which the KL weight rises from 0.</summary>
    /// <value>Default 0.2; keeps the latent vector from being given up before the decoder can use it.</value>
    [Range(0.0, 1.0)]
    [Description("Share of the steps over which the KL weight rises from 0 to its value.")]
    public double KlWarmUpShare { get; set; } = 0.2;

    /// <summary>Gets or sets the variance of the decoder's Gaussian for a feature of variance 1.</summary>
    /// <value>Default 0.2.</value>
    [Range(1e-4, 10.0)]
    [Description("Variance the decoder allows a unit-variance feature: smaller follows the data more closely, larger keeps only the strongest structure.")]
    public double NoiseVariance { get; set; } = 0.2;

    /// <summary>Gets or sets the draws of the code that the scores elbo and reconstruction_probability average.</summary>
    /// <value>Default 16.</value>
    [Range(1, 1024)]
    [Description("Draws of the code that the scores elbo and reconstruction_probability average.")]
    public int PosteriorSamples { get; set; } = 16;

    /// <summary>Gets or sets the draws of the code that the score importance_bound weighs.</summary>
    /// <value>Default 32.</value>
    [Range(1, 1024)]
    [Description("Draws of the code that the score importance_bound weighs; the more, the nearer to the likelihood.")]
    public int ImportanceSamples { get; set; } = 32;
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Adversarial;

/// <summary>Sets the latent space and the adversary of the adversarial autoencoder.</summary>
public sealed class AdversarialAutoencoderOptions : VariantOptions, IValidatableObject
{
    /// <summary>Gets or sets the curvature of the latent space.</summary>
    /// <value>Default 1: the unit sphere.</value>
    [Range(-100.0, 100.0)]
    [Description("Curvature of the latent space: 0 is Euclidean, above 0 a sphere, below 0 hyperbolic; a curved space has one dimension less than the latent vector is wide.")]
    public double Curvature { get; set; } = 1;

    /// <summary>Gets or sets the weight of the discriminator's verdict on the codes.</summary>
    /// <value>Default 1.</value>
    [Range(0.0, 1000.0)]
    [Description("Weight of the adversary that holds the codes to the prior.")]
    public double AdversarialWeight { get; set; } = 1;

    /// <summary>Gets or sets how far beside the manifold a code may lie: the deviation s of the membership exp(-(&lt;z, z&gt; - 1 / k)² / (2 s²)).</summary>
    /// <value>Default 0.5.</value>
    [Range(0.001, 1000.0)]
    [Description("Tolerance of the membership of a code in a curved latent space; smaller makes codes beside it cost more, in the objective and in the score.")]
    public double MembershipDeviation { get; set; } = 0.5;

    /// <summary>Gets or sets the width of the discriminator's two hidden layers.</summary>
    /// <value>Default 64.</value>
    [Range(1, 4096)]
    [Description("Width of the two hidden layers of the discriminator.")]
    public int DiscriminatorWidth { get; set; } = 64;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Curvature != 0 && Latent < 2)
            yield return new ValidationResult($"The field {nameof(Latent)} is {Latent}; a curved latent space needs at least 2.", [nameof(Latent)]);
    }
}

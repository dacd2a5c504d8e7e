using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Plain;

/// <summary>Sets the shape of a network whose encoder is a single layer.</summary>
public abstract class ShallowOptions : VariantOptions, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Hidden.Count > 0)
        {
            yield return new ValidationResult(
                $"The field {nameof(Hidden)} lists {Hidden.Count} layers; this variant has none: its encoder is one layer of width {nameof(Latent)}.",
                [nameof(Hidden)]);
        }
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Models.Variants.Denoising;

/// <summary>Sets the shape, the corruption and the pre-training of the stacked denoising autoencoder.</summary>
public sealed class StackedDenoisingOptions : CorruptingOptions
{
    /// <summary>Gets or sets the share of the steps spent on pre-training, divided evenly among the layers.</summary>
    /// <value>Default 0.4.</value>
    [Range(0.01, 0.99)]
    [Description("Share of the steps spent on pre-training, divided evenly among the layers; the rest is fine-tuning.")]
    public double PreTrainingShare { get; set; } = 0.4;
}

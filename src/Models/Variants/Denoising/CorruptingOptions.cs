using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Denoising;

/// <summary>Sets how rows are corrupted while a network learns to restore them.</summary>
public abstract class CorruptingOptions : VariantOptions
{
    /// <summary>Gets or sets the kind of corruption.</summary>
    /// <value>Default Gaussian.</value>
    [Description("Corruption of the rows to learn from: gaussian (noise on every feature), masking (fields set to 0) or swap (fields of another row).")]
    public CorruptionKind Corruption { get; set; } = CorruptionKind.Gaussian;

    /// <summary>Gets or sets the standard deviation of Gaussian noise, for features of variance about 1.</summary>
    /// <value>Default 1: measured best on ten open sets, where smaller noise lets the network copy.</value>
    [Range(0.0, 10.0)]
    [Description("Standard deviation of gaussian noise; features have a standard deviation of about 1.")]
    public double NoiseDeviation { get; set; } = 1;

    /// <summary>Gets or sets the share of fields that Masking or Swap corrupts.</summary>
    /// <value>Default 0.3.</value>
    [Range(0.0, 1.0)]
    [Description("Share of the fields of a row that masking or swap corrupts.")]
    public double CorruptedShare { get; set; } = 0.3;
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Flows;

/// <summary>Sets the shape and the objective of the variants whose decoder is an invertible flow.</summary>
public abstract class FlowOptions : VariantOptions
{
    /// <summary>Gets or sets the steps of each level of the flow.</summary>
    /// <value>Default 4.</value>
    [Range(1, 64)]
    [Description("Steps (normalisation, mixing, coupling) of each level of the flow.")]
    public int Steps { get; set; } = 4;

    /// <summary>Gets or sets the units of the hidden layer of each coupling.</summary>
    /// <value>Default 64.</value>
    [Range(1, 4096)]
    [Description("Units of the hidden layer of each coupling.")]
    public int CouplingWidth { get; set; } = 64;

    /// <summary>Gets or sets the bound of the log-scale of each coupling and of the decoder's deviation.</summary>
    /// <value>Default 2: one coupling changes a scale by a factor of 7.4 at most.</value>
    [Range(0.01, 8.0)]
    [Description("Bound of the logarithm of a coupling's scale and of the decoder's deviation; larger follows sharper densities and is less stable.")]
    public double MaxLogScale { get; set; } = 2;

    /// <summary>Gets or sets the standard deviation of the noise added to real features while training.</summary>
    /// <value>Default 0.1, for features of variance about 1; keeps repeated values from being learned as infinite density.</value>
    [Range(0.0, 1.0)]
    [Description("Standard deviation of the noise added to real features while training, so that repeated values do not become infinitely likely.")]
    public double NoiseDeviation { get; set; } = 0.1;

    /// <summary>Gets or sets the share of the steps over which the KL weight rises from 0 to 1.</summary>
    /// <value>Default 0.2.</value>
    [Range(0.0, 1.0)]
    [Description("Share of the steps over which the KL weight rises from 0 to 1.")]
    public double KlWarmUpShare { get; set; } = 0.2;
}

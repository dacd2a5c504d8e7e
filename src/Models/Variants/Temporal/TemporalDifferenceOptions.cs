using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Temporal;

/// <summary>Sets the shape and the objective of the temporal-difference variational autoencoder; the one width of <see cref="VariantOptions.Hidden"/> is that of its belief.</summary>
public sealed class TemporalDifferenceOptions : SequenceOptions
{
    /// <summary>Gets or sets how many records ahead it predicts at most.</summary>
    /// <value>Default null: 4, or one less than the window where that is shorter. Must be below <see cref="SequenceOptions.Window"/>.</value>
    [Range(1, 1023)]
    [Description("Records ahead that are predicted at most, below the window; 4 when not given. Training draws the jump from 1 to this, the score averages over all of them.")]
    public int? Jump { get; set; }

    /// <summary>Gets or sets the levels of the latent state, each distributed given the ones above.</summary>
    /// <value>Default 1; the paper uses 2 where a state has slow and fast parts. At most the latent width, which the levels share.</value>
    [Range(1, 4)]
    [Description("Levels of the latent state, each distributed given the ones above; they share the latent width.")]
    public int Levels { get; set; } = 1;

    /// <summary>Gets or sets the units of the one hidden layer of every map: belief, smoothing, transition and decoder.</summary>
    /// <value>Default 64.</value>
    [Range(1, 4096)]
    [Description("Units of the hidden layer of each map (belief, smoothing, transition, decoder).")]
    public int MapWidth { get; set; } = 64;

    /// <summary>Gets or sets the smallest standard deviation that the decoder gives a real feature of variance 1.</summary>
    /// <value>Default 0.1; the largest is its reciprocal. Keeps repeated values from being learned as infinite density.</value>
    [Range(0.001, 0.9)]
    [Description("Smallest standard deviation the decoder gives a real feature of variance 1 (the largest is its reciprocal), so that repeated values do not become infinitely likely.")]
    public double LeastDeviation { get; set; } = 0.1;

    /// <summary>Gets or sets the share of the steps over which the weight of the latent terms rises from 0 to 1.</summary>
    /// <value>Default 0.2.</value>
    [Range(0.0, 1.0)]
    [Description("Share of the steps over which the weight of the latent terms of the loss rises from 0 to 1.")]
    public double KlWarmUpShare { get; set; } = 0.2;

    /// <summary>Gets or sets the pairs of opposite draws over which the score averages.</summary>
    /// <value>Default 1.</value>
    [Range(1, 64)]
    [Description("Pairs of opposite fixed draws of the latent states over which the score averages; the cost of scoring grows with it.")]
    public int DrawPairs { get; set; } = 1;
}

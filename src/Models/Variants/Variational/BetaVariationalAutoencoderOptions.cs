using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Variational;

/// <summary>Sets the shape and the objective of the beta-VAE.</summary>
public sealed class BetaVariationalAutoencoderOptions : VariationalOptions
{
    /// <summary>Gets or sets the weight of the KL term, or of its distance from the capacity where one is given.</summary>
    /// <value>Default 4.</value>
    [Range(0.0, 10_000.0)]
    [Description("Weight of the KL term: above 1 the codes carry less, in more independent parts; 1 is the plain variational autoencoder.")]
    public double Beta { get; set; } = 4;

    /// <summary>Gets or sets the information, in nats a row, that the codes may carry at the end.</summary>
    /// <value>Default null: no capacity, the KL term is held to 0.</value>
    [Range(0.0, 1000.0)]
    [Description("Nats a row that the codes are given to carry at the end of the schedule; not given, the KL term itself is weighted.")]
    public double? Capacity { get; set; }

    /// <summary>Gets or sets the share of the steps over which the capacity rises from 0.</summary>
    /// <value>Default 0.5.</value>
    [Range(0.0, 1.0)]
    [Description("Share of the steps over which the capacity rises from 0 to its value.")]
    public double CapacityShare { get; set; } = 0.5;
}

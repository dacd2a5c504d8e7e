using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Variational;

/// <summary>Sets the shape and the objective of the variational autoencoder.</summary>
public sealed class VariationalAutoencoderOptions : VariationalOptions
{
    /// <summary>Gets or sets the weight of the KL term.</summary>
    /// <value>Default 1: the evidence lower bound itself.</value>
    [Range(0.0, 1000.0)]
    [Description("Weight of the KL term in the objective; 1 is the evidence lower bound itself.")]
    public double KlWeight { get; set; } = 1;
}

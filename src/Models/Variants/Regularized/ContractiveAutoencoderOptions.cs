using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Variants.Regularized;

/// <summary>Sets the width and the contraction of the contractive autoencoder.</summary>
public sealed class ContractiveAutoencoderOptions : ShallowOptions
{
    /// <summary>Gets or sets the weight of the squared Frobenius norm of the encoder's Jacobian.</summary>
    /// <value>Default 0.1.</value>
    [Range(0.0, 1000.0)]
    [Description("Weight of the squared norm of the encoder's Jacobian: larger makes the code less sensitive to the row.")]
    public double JacobianWeight { get; set; } = 0.1;
}

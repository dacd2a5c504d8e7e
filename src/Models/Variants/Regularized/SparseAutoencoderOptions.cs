using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Regularized;

/// <summary>Sets the shape and the sparsity of the sparse autoencoder.</summary>
public sealed class SparseAutoencoderOptions : VariantOptions
{
    /// <summary>Gets or sets the mean activation each code unit is held to.</summary>
    /// <value>Default 0.05: a unit answers to about one row in twenty.</value>
    [Range(0.001, 0.999)]
    [Description("Mean activation, between 0 and 1, that each code unit is held to.")]
    public double TargetActivation { get; set; } = 0.05;

    /// <summary>Gets or sets the weight of the sparsity penalty.</summary>
    /// <value>Default 0.5, for a code of 128 units; a field that cannot be foreseen costs 1.</value>
    [Range(0.0, 1000.0)]
    [Description("Weight of the sparsity penalty in the objective.")]
    public double SparsityWeight { get; set; } = 0.5;
}

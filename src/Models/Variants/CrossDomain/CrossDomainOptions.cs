using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.CrossDomain;

/// <summary>Sets the two field groups and the losses of the cross-domain autoencoder.</summary>
public sealed class CrossDomainOptions : VariantOptions
{
    /// <summary>Gets or sets the names of the fields of the first group; every other field belongs to the second.</summary>
    /// <value>Default empty, which is refused: only the user knows which fields describe the one side (say the customer) and which the other (say the transaction).</value>
    [Description("Names of the fields of the first group, say those of the customer; every other field belongs to the second, say the transaction. Must be given.")]
    public IList<string> FirstFields { get; set; } = [];

    /// <summary>Gets or sets the weight of each group's reconstruction from its own code.</summary>
    /// <value>Default 1.</value>
    [Range(0.0, 100.0)]
    [Description("Weight of each group's reconstruction from its own code while the network learns.")]
    public double OwnWeight { get; set; } = 1;

    /// <summary>Gets or sets the weight of the squared distance between the two groups' codes.</summary>
    /// <value>Default 1.</value>
    [Range(0.0, 100.0)]
    [Description("Weight of the squared distance between the codes of the two groups while the network learns.")]
    public double MatchingWeight { get; set; } = 1;

    /// <summary>Gets or sets the blocks of the first group, found by the names of their fields when the network is built.</summary>
    [JsonInclude]
    internal IList<int> FirstBlocks { get; set; } = [];
}

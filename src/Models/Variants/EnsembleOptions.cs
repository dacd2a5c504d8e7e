using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants.Denoising;
using AEAnomaly.Models.Variants.Flows;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Variants;

/// <summary>Lists the members of an ensemble. <see cref="VariantOptions.Hidden"/> and <see cref="VariantOptions.Latent"/> are for members that give no widths of their own.</summary>
public sealed class EnsembleOptions : VariantOptions
{
    /// <summary>Gets or sets the members: any variants that read single records, each with its options; a variant may stand there more than once.</summary>
    /// <value>Default: denoising, a flow and a variational autoencoder, which err in different ways and can keep up with a stream.</value>
    [MinLength(1)]
    [JsonConverter(typeof(VariantListConverter))]
    [Description("Members: any variants that read single records, each with its own options; a variant may stand there more than once.")]
    public IList<VariantOptions> Members { get; set; } =
        [new DenoisingAutoencoderOptions(), new FlowVaeOptions(), new VariationalAutoencoderOptions()];

    /// <summary>Gets or sets how many networks are trained of each member, from different initial weights.</summary>
    /// <value>Default 1: other kinds of members pay more than other seeds.</value>
    [Range(1, 16)]
    [Description("Networks trained of each member, from different initial weights.")]
    public int Seeds { get; set; } = 1;

    /// <summary>Tells whether options of a type can be a member's.</summary>
    /// <param name="options">Type of options.</param>
    /// <returns>False for an ensemble, and for variants that read windows.</returns>
    public static bool CanHold(Type options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options != typeof(EnsembleOptions) && !options.IsSubclassOf(typeof(SequenceOptions));
    }
}

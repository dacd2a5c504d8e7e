using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Models.Networks;

/// <summary>Sets what variants that read windows of a sequence have in common.</summary>
public abstract class SequenceOptions : VariantOptions
{
    /// <summary>Gets or sets the records of a window: the one to score and those of the same key before it.</summary>
    /// <value>Default 16.</value>
    [Range(2, 1024)]
    [Description("Records of a window: the one to score and those of the same key (of the partition when no key is declared) before it.")]
    public int Window { get; set; } = 16;

    /// <summary>Tells how many records of one key a variant reads at a time.</summary>
    /// <param name="options">Options of any variant.</param>
    /// <returns>The window, or 1 for a variant that reads single records.</returns>
    public static int WindowOf(VariantOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options is SequenceOptions sequence ? sequence.Window : 1;
    }
}

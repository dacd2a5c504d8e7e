using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Host.Configuration;

/// <summary>Sets where model versions are kept (the <c>models</c> section).</summary>
internal sealed class ModelStoreOptions
{
    /// <summary>Gets or sets the folder; relative paths start from the working directory.</summary>
    [Required]
    [Description("Folder that model versions are kept in; relative paths start from the working directory.")]
    public string Directory { get; set; } = "./models";

    /// <summary>Gets or sets how many versions of each detector are kept.</summary>
    [Range(2, 10_000)]
    [Description("Versions of each detector that are kept; older ones are deleted, never the one that scores.")]
    public int Keep { get; set; } = 10;
}

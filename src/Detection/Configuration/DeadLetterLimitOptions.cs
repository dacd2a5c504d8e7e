using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Detection.Configuration;

/// <summary>Sets when a detector stops because too many of its records are bad (the <c>dead_letter_limit</c> section).</summary>
public sealed class DeadLetterLimitOptions
{
    /// <summary>Gets or sets the share of the last records above which the detector stops reading.</summary>
    /// <value>Default 0.5; 1 never stops it.</value>
    [Range(0.001, 1.0)]
    [Description("Share of the last records above which the detector stops reading until somebody says otherwise; 1 never stops it.")]
    public double Share { get; set; } = 0.5;

    /// <summary>Gets or sets how many of the last records count.</summary>
    /// <value>Default 10,000; fewer dead letters than the share of that many never stop it.</value>
    [Range(100, 10_000_000)]
    [Description("How many of the last records count; fewer dead letters than the share of that many never stop it.")]
    public int Window { get; set; } = 10_000;
}

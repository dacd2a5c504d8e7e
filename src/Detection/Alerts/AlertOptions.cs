using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Sets what alerts carry and how they are grouped (the <c>alerts</c> section).</summary>
public sealed class AlertOptions
{
    /// <summary>Gets or sets the topic that alerts go to.</summary>
    /// <value>Default null: the detector's name with ".alerts".</value>
    [Description("Topic that alerts go to. Default: DETECTOR.alerts.")]
    public string? Topic { get; set; }

    /// <summary>Gets or sets how many features an alert names.</summary>
    /// <value>Default 5.</value>
    [Range(1, 50)]
    [Description("Features an alert names, the largest contribution first.")]
    public int TopFeatures { get; set; } = 5;

    /// <summary>Gets or sets the pause after which an entity's next anomaly opens a new episode.</summary>
    /// <value>Default 15 minutes, in event time.</value>
    [Description("Pause (event time) after which an entity's next anomaly opens a new episode.")]
    public TimeSpan EpisodeGap { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Gets or sets how many open episodes are kept.</summary>
    /// <value>Default 100,000; the least recently used is closed first.</value>
    [Range(1, 10_000_000)]
    [Description("Open episodes kept at most; the least recently used is closed first.")]
    public int MaxOpenEpisodes { get; set; } = 100_000;

    /// <summary>Gets or sets the memory for open episodes, in MiB.</summary>
    /// <value>Default 64; when it is full, the least recently used is closed first.</value>
    [Range(1, 65_536)]
    [Description("Memory in MiB for open episodes; the least recently used is closed first when it is full.")]
    public int EpisodeMemoryMib { get; set; } = 64;

    /// <summary>Gets or sets the address of the runbook that alerts link to.</summary>
    /// <value>Default null.</value>
    [Description("Address of the runbook that alerts link to.")]
    public string? Runbook { get; set; }

    /// <summary>Gets or sets the tenant that alerts name.</summary>
    /// <value>Default null.</value>
    [Description("Tenant that alerts name.")]
    public string? Tenant { get; set; }

    /// <summary>Gets or sets the secret that keys the pseudonyms of masked entities.</summary>
    /// <value>Default null: pseudonyms are plain hashes, which whoever can list all possible entities can reverse.</value>
    [Description("Secret that keys the pseudonyms of masked entities; without it a pseudonym is a plain hash that can be reversed by trying all possible entities.")]
    public string? PseudonymKey { get; set; }
}

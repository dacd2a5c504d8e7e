using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Detection.Configuration;

/// <summary>Sets what a detector learns from and when (the <c>training</c> section).</summary>
public sealed class RetrainingOptions
{
    /// <summary>Gets or sets how often the detector retrains.</summary>
    /// <value>Default null: only on request.</value>
    [Description("How often the detector retrains, say 24h; never on its own when not given.")]
    public TimeSpan? Every { get; set; }

    /// <summary>Gets or sets how far back the window reaches.</summary>
    /// <value>Default 7 days; null for all that the topic keeps.</value>
    /// <remarks>The first model also learns from older records where the window holds fewer than <see cref="MinRecords"/>.</remarks>
    [Description("How far back the training window reaches, by the broker's timestamp; the first model also learns from older records where there are too few.")]
    public TimeSpan? Window { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets how many records the window holds at most.</summary>
    /// <value>Default 200,000.</value>
    [Range(100, 50_000_000)]
    [Description("Records of the window at most; the newest are read.")]
    public int MaxRecords { get; set; } = 200_000;

    /// <summary>Gets or sets how many records the first training waits for.</summary>
    /// <value>Default 2,000.</value>
    [Range(100, 50_000_000)]
    [Description("Records the first training waits for.")]
    public int MinRecords { get; set; } = 2_000;

    /// <summary>Gets or sets after how long a training is given up.</summary>
    /// <value>Default 1 hour.</value>
    [Description("After how long a training is given up; the current version goes on scoring.")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets what networks are trained on.</summary>
    /// <value>Default <see cref="TrainingDevice.Auto"/>.</value>
    [Description("What networks are trained on: auto (native, unless a GPU and a large network make it worth it), native, torch or cuda; the last two in a process of their own.")]
    public TrainingDevice Device { get; set; } = TrainingDevice.Auto;

    /// <summary>Gets or sets what happens where <see cref="Device"/> cannot be used, or fails; auto always falls back to the native engine.</summary>
    /// <value>Default <see cref="TrainingFallback.None"/>.</value>
    [Description("Where torch or cuda cannot be used, or fails: native trains with the native engine instead; none gives the training up, and the version that scores goes on.")]
    public TrainingFallback Fallback { get; set; } = TrainingFallback.None;
}

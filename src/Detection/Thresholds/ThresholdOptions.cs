using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Detection.Thresholds;

/// <summary>Sets how the threshold is learned from held-out normal scores.</summary>
public sealed class ThresholdOptions
{
    /// <summary>Gets or sets the method.</summary>
    /// <value>Default <see cref="ThresholdMethod.Quantile"/>.</value>
    [Description("How the threshold is learned: quantile of held-out normal scores, or a wished alert rate.")]
    public ThresholdMethod Method { get; set; } = ThresholdMethod.Quantile;

    /// <summary>Gets or sets the quantile of held-out normal scores.</summary>
    /// <value>Default 0.995; used by <see cref="ThresholdMethod.Quantile"/>.</value>
    [Range(0.5, 0.999999)]
    [Description("Quantile of held-out normal scores that becomes the threshold (method quantile).")]
    public double Quantile { get; set; } = 0.995;

    /// <summary>Gets or sets the wished share of normal records that raise an alert.</summary>
    /// <value>Default 0.005; used by <see cref="ThresholdMethod.AlertRate"/>.</value>
    [Range(0.000001, 0.5)]
    [Description("Wished share of records that raise an alert (method alert_rate).")]
    public double AlertRate { get; set; } = 0.005;
}

namespace AEAnomaly.Detection.Thresholds;

/// <summary>States how a threshold is learned.</summary>
public enum ThresholdMethod
{
    /// <summary>A quantile of held-out normal scores.</summary>
    Quantile,

    /// <summary>A wished share of all records, flagged ones included.</summary>
    AlertRate,
}

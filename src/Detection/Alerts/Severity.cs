namespace AEAnomaly.Detection.Alerts;

/// <summary>Grades an anomaly by how many times rarer such a score is among normal records than one right at the threshold.</summary>
/// <remarks>A ratio of 2 is extreme for one network and daily for another; rarity means the same for all.</remarks>
public enum Severity
{
    /// <summary>Less than 10 times rarer.</summary>
    Low,

    /// <summary>10 times rarer or more.</summary>
    Medium,

    /// <summary>100 times rarer or more.</summary>
    High,

    /// <summary>1,000 times rarer or more.</summary>
    Critical,
}

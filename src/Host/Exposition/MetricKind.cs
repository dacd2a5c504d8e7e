namespace AEAnomaly.Host.Exposition;

/// <summary>States how a family's samples are read.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts observations in cumulative buckets.</summary>
    Histogram,
}

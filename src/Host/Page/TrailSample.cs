namespace AEAnomaly.Host.Page;

/// <summary>Holds a detector's totals at one moment, for the past that a chart begins with.</summary>
/// <param name="TimeMs">When, milliseconds since 1970-01-01 UTC.</param>
/// <param name="Scored">Records scored since the start.</param>
/// <param name="Anomalies">Records above the threshold since the start.</param>
/// <param name="Lag">Records not read yet, or null when unknown.</param>
internal readonly record struct TrailSample(long TimeMs, double Scored, double Anomalies, long? Lag);

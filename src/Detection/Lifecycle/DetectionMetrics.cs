using System.Diagnostics.Metrics;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Measures detection; instruments are listed in docs/metrics.md. Labels are bounded: detector, state, reason, never an entity.</summary>
public sealed class DetectionMetrics
{
    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Creates the meter "AEAnomaly.Detection".</param>
    public DetectionMetrics(IMeterFactory factory) => throw new NotImplementedException();
}

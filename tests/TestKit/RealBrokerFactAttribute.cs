using Xunit;

namespace AEAnomaly.TestKit;

/// <summary>A fact that needs a real Apache Kafka; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealBrokerFactAttribute : FactAttribute
{
    /// <param name="needsControl">Whether the test kills, pauses or restarts the broker, so that a cluster somebody else runs will not do.</param>
    public RealBrokerFactAttribute(bool needsControl = false)
    {
        NeedsControl = needsControl;
        Skip = TestEnvironment.WhyNoRealBroker(needsControl);
    }

    public bool NeedsControl { get; }
}

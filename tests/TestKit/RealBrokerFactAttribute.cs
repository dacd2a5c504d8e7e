using Xunit;

namespace AEAnomaly.TestKit;

/// <summary>A fact that needs a real Apache Kafka; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealBrokerFactAttribute : FactAttribute
{
    /// <param name="needsControl">Whether the test kills, pauses or restarts the broker, so that a cluster somebody else runs will not do.</param>
    /// <param name="needsFiles">Whether broker and test share files, so that only an unpacked Kafka will do.</param>
    public RealBrokerFactAttribute(bool needsControl = false, bool needsFiles = false)
    {
        (NeedsControl, NeedsFiles) = (needsControl, needsFiles);
        Skip = needsFiles ? TestEnvironment.WhyNoUnpackedBroker : TestEnvironment.WhyNoRealBroker(needsControl);
    }

    public bool NeedsControl { get; }

    public bool NeedsFiles { get; }
}

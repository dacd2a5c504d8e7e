using Xunit;

namespace AEAnomaly.TestKit;

/// <summary>A fact on the folder of cases from the field, which the environment names; skipped, with the reason, where it does not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresCasesFactAttribute : FactAttribute
{
    /// <param name="needsRealBroker">Whether the case is played on a real Apache Kafka.</param>
    public RequiresCasesFactAttribute(bool needsRealBroker = false)
    {
        NeedsRealBroker = needsRealBroker;
        Skip = TestEnvironment.WhyNoCases(needsRealBroker);
    }

    public bool NeedsRealBroker { get; }
}

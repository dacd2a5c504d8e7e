using Xunit;

namespace AEAnomaly.TestKit;

/// <summary>A theory on the folder of cases from the field, which the environment names; skipped, with the reason, where it does not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresCasesTheoryAttribute : TheoryAttribute
{
    /// <param name="needsRealBroker">Whether the cases are played on a real Apache Kafka.</param>
    public RequiresCasesTheoryAttribute(bool needsRealBroker = false)
    {
        NeedsRealBroker = needsRealBroker;
        Skip = TestEnvironment.WhyNoCases(needsRealBroker);
    }

    public bool NeedsRealBroker { get; }
}

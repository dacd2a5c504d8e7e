using System.Reflection;
using Xunit.Sdk;

namespace AEAnomaly.TestKit;

/// <summary>
/// Gives a theory one <see cref="BrokerKind"/>, so that a test runs once on each kind:
/// <c>[Theory, BrokerData(BrokerKind.Embedded), BrokerData(BrokerKind.Real)]</c>. The real one is skipped, with the reason, where there is none.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class BrokerDataAttribute(BrokerKind kind) : DataAttribute
{
    public BrokerKind Kind { get; } = kind;

    public override string? Skip { get; set; } = kind == BrokerKind.Real ? TestEnvironment.WhyNoRealBroker(needsControl: false) : null;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Kind]];
}

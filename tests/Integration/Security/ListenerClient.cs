using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests.Security;

/// <summary>A secured broker as clients of a test reach it by one of its listeners.</summary>
internal sealed class ListenerClient(string address, IReadOnlyDictionary<string, string?> properties) : TestBroker
{
    public override BrokerKind Kind => BrokerKind.Real;

    public override string BootstrapServers => address;

    protected override IReadOnlyDictionary<string, string> ClientSettings =>
        properties.Where(property => property.Value is not null).ToDictionary(property => property.Key, property => property.Value!);
}

namespace AEAnomaly.TestKit;

/// <summary>A cluster that was running before the tests and stays up after them.</summary>
public sealed class ExternalBroker(string bootstrapServers) : TestBroker
{
    public override BrokerKind Kind => BrokerKind.Real;

    public override string BootstrapServers { get; } = bootstrapServers;
}

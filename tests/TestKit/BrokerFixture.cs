using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AEAnomaly.TestKit;

/// <summary>
/// The broker of all tests of a project, started when the first of them runs: the cluster that the environment names, else one in a container, else one
/// from an unpacked Kafka, else the embedded cluster. A test project declares the collection itself, because xunit looks for it in the tests' own assembly:
/// <c>[CollectionDefinition(BrokerFixture.Collection)] public sealed class SharedBroker : ICollectionFixture&lt;BrokerFixture&gt;;</c>
/// Tests that kill, pause or restart a broker start their own with <see cref="RealBroker.StartAsync"/>.
/// </summary>
public sealed class BrokerFixture(IMessageSink messages) : IAsyncLifetime
{
    public const string Collection = "Brokers";

    // Nobody kills this one; and a busy machine may keep it from its beat for longer than the two seconds after which the kit's brokers count as dead. A client
    // that asks for the controller then waits a minute for it (librdkafka looks again when the state of a connection changes, not when there is one).
    private static readonly Dictionary<string, string> Patient = new() { ["broker.session.timeout.ms"] = "60000" };

    private readonly Lazy<EmbeddedBroker> _embedded = new(() => new EmbeddedBroker());
    private TestBroker? _real;

    /// <summary>The most real broker there is.</summary>
    public TestBroker Broker => _real ?? _embedded.Value;

    /// <summary>The broker of a kind, for tests that run once on each (<see cref="BrokerDataAttribute"/>).</summary>
    /// <exception cref="InvalidOperationException">A real one was asked for and this machine has none; the test lacks a <see cref="RealBrokerFactAttribute"/>.</exception>
    public TestBroker Of(BrokerKind kind) => kind == BrokerKind.Embedded
        ? _embedded.Value
        : _real ?? throw new InvalidOperationException(TestEnvironment.WhyNoRealBroker(needsControl: false));

    public async Task InitializeAsync()
    {
        _real = TestEnvironment.KafkaBootstrapServers is { } servers ? new ExternalBroker(servers)
            : BrokerSource.Here is null ? null
            : await RealBroker.StartAsync(Patient);
        messages.OnMessage(new DiagnosticMessage($"brokers: {TestEnvironment.BrokerDescription}"));
    }

    public async Task DisposeAsync()
    {
        if (_embedded.IsValueCreated)
            await _embedded.Value.DisposeAsync();
        if (_real is not null)
            await _real.DisposeAsync();
    }
}

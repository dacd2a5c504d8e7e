using Xunit;

namespace AEAnomaly.TestKit;

/// <summary>
/// One real broker for all tests of a project, started when the first of them runs. A test project declares the collection itself,
/// because xunit looks for it in the tests' own assembly:
/// <c>[CollectionDefinition(RealBrokerFixture.Collection)] public sealed class SharedRealBroker : ICollectionFixture&lt;RealBrokerFixture&gt;;</c>
/// Tests that kill, pause or restart a broker start their own with <see cref="RealBroker.StartAsync"/>.
/// </summary>
public sealed class RealBrokerFixture : IAsyncLifetime
{
    public const string Collection = "Real broker";

    private TestBroker? _broker;
    private EmbeddedBroker? _embedded;

    /// <summary>The shared broker.</summary>
    /// <exception cref="InvalidOperationException">This machine offers none; the test lacks a <see cref="RealBrokerFactAttribute"/>.</exception>
    public TestBroker Broker => _broker ?? throw new InvalidOperationException(TestEnvironment.WhyNoRealBroker(needsControl: false));

    /// <summary>The shared broker of a kind, for tests that run once on each (<see cref="BrokerDataAttribute"/>).</summary>
    public TestBroker Of(BrokerKind kind) => kind == BrokerKind.Embedded ? _embedded ??= new EmbeddedBroker() : Broker;

    public async Task InitializeAsync()
    {
        if (TestEnvironment.WhyNoRealBroker(needsControl: false) is not null)
        {
            return;
        }

        _broker = TestEnvironment.KafkaHome is null
            ? new ExternalBroker(TestEnvironment.KafkaBootstrapServers!)
            : await RealBroker.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}

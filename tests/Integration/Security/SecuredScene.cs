using AEAnomaly.TestKit;
using AEAnomaly.TestKit.Security;

namespace AEAnomaly.Integration.Tests.Security;

/// <summary>One secured broker, and one folder of model versions, for all tests of connections: the first daemon trains, the others load what it stored.</summary>
public sealed class SecuredScene : IAsyncLifetime
{
    public const string Collection = "Secured broker";

    /// <summary>The password that no output may hold.</summary>
    public const string Password = "Pl4nted-Pa55word-of-the-broker";

    private SecuredBroker? _broker;

    public SecuredBroker Broker => _broker ?? throw new InvalidOperationException(TestEnvironment.WhyNoUnpackedBroker);

    public TemporaryFolder Models { get; } = new();

    public async Task InitializeAsync()
    {
        if (TestEnvironment.WhyNoUnpackedBroker is null)
            _broker = await SecuredBroker.StartAsync(Password);
    }

    public async Task DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        Models.Dispose();
    }
}

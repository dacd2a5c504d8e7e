using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AEAnomaly.TestKit.Security;

/// <summary>
/// One real broker that lets clients in by every way of <see cref="SecuredListener"/>, with certificates made for it, and by one without any, which the tests
/// administer it by.
/// </summary>
public sealed class SecuredBroker : IAsyncDisposable
{
    public const string User = "fraud";

    /// <summary>How long a client that came by <see cref="SecuredListener.Scram"/> is let in, before it must say again who it is.</summary>
    public static readonly TimeSpan ScramSession = TimeSpan.FromSeconds(3);

    private static readonly SecuredListener[] Listeners = Enum.GetValues<SecuredListener>();

    private readonly TemporaryFolder _folder = new();
    private readonly CertificateAuthority _authority = new("test authority");
    private readonly TokenEndpoint _tokens;
    private readonly int[] _ports = FreePorts.Take(Listeners.Length);
    private RealBroker? _broker;

    private SecuredBroker(string password)
    {
        Password = password;
        _tokens = new TokenEndpoint(User, password);
    }

    /// <summary>Gets the broker without any security.</summary>
    public TestBroker Open => _broker ?? throw new InvalidOperationException("the broker was not started");

    /// <summary>Gets the password of <see cref="User"/> at the start, the same for every mechanism.</summary>
    public string Password { get; }

    /// <summary>Gets who issued the broker's certificate, and whose clients it lets in.</summary>
    public CertificateAuthority Authority => _authority;

    /// <summary>Gets who gives tokens.</summary>
    public TokenEndpoint Tokens => _tokens;

    private string TrustPath => _folder["trusted.pem"];

    /// <summary>Starts the broker.</summary>
    /// <param name="password">Password of <see cref="User"/>.</param>
    /// <exception cref="InvalidOperationException">This machine has no unpacked Kafka, or the broker did not start.</exception>
    public static async Task<SecuredBroker> StartAsync(string password)
    {
        var secured = new SecuredBroker(password);
        try
        {
            secured._broker = await RealBroker.StartAsync(secured.Settings(), inThisFileSystem: true);
            await secured.SetScramPasswordAsync(password);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the address of a listener.</summary>
    public string AddressOf(SecuredListener listener) => string.Create(CultureInfo.InvariantCulture, $"localhost:{_ports[(int)listener]}");

    /// <summary>Gives <see cref="User"/> another password for SCRAM; connections that stand are not ended before they must say again who they are.</summary>
    public async Task SetScramPasswordAsync(string password)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Open.BootstrapServers }).Build();
        await admin.AlterUserScramCredentialsAsync(
        [
            new UserScramCredentialUpsertion
            {
                User = User,
                ScramCredentialInfo = new ScramCredentialInfo { Mechanism = ScramMechanism.ScramSha512, Iterations = 4096 },
                Password = System.Text.Encoding.UTF8.GetBytes(password),
            },
        ]);
    }

    /// <summary>Has the broker let in the clients of other authorities than before; connections that stand are not ended.</summary>
    public async Task TrustAsync(params CertificateAuthority[] authorities)
    {
        var path = _folder.Write($"trusted-{Guid.NewGuid():N}.pem", string.Join('\n', authorities.Select(authority => authority.Pem)));
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Open.BootstrapServers }).Build();
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [new ConfigResource { Type = ResourceType.Broker, Name = "1" }] =
                [new ConfigEntry { Name = "listener.name.mutualtls.ssl.truststore.location", Value = path, IncrementalOperation = AlterConfigOpType.Set }],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        _tokens.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    private Dictionary<string, string> Settings()
    {
        var addresses = Listeners.Select(listener => $"{Name(listener)}://{AddressOf(listener)}").ToList();
        _folder.Write("trusted.pem", _authority.Pem);
        var settings = new Dictionary<string, string>
        {
            ["listeners"] = string.Join(',', addresses.Select(address => address.Replace("localhost", "127.0.0.1", StringComparison.Ordinal))),
            ["advertised.listeners"] = string.Join(',', addresses),
            ["listener.security.protocol.map"] = string.Join(',', Listeners.Select(listener => $"{Name(listener)}:{(listener == SecuredListener.MutualTls ? "SSL" : "SASL_SSL")}")),
            ["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-512,OAUTHBEARER",
            ["sasl.oauthbearer.jwks.endpoint.url"] = new Uri(_folder.Write("keys.json", _tokens.Keys)).AbsoluteUri,
            ["sasl.oauthbearer.expected.audience"] = TokenEndpoint.Audience,
            ["sasl.oauthbearer.expected.issuer"] = TokenEndpoint.Issuer,
            ["broker.session.timeout.ms"] = "60000",
        };
        foreach (var listener in Listeners)
        {
            var name = $"listener.name.{Name(listener).ToLowerInvariant()}";
            foreach (var (setting, value) in OfListener(listener))
                settings[$"{name}.{setting}"] = value;
        }

        return settings;
    }

    private Dictionary<string, string> OfListener(SecuredListener listener)
    {
        var (certificate, key) = listener == SecuredListener.OtherHost ? _authority.Issue("other", "other.example") : _authority.Issue("broker", "localhost", "127.0.0.1");
        var settings = new Dictionary<string, string>
        {
            ["ssl.keystore.type"] = "PEM",
            ["ssl.keystore.location"] = _folder.Write($"{Name(listener)}.pem", key + "\n" + certificate),
            ["ssl.truststore.type"] = "PEM",
            ["ssl.truststore.location"] = TrustPath,
            ["ssl.client.auth"] = listener == SecuredListener.MutualTls ? "required" : "none",
        };
        switch (listener)
        {
            case SecuredListener.Plain or SecuredListener.OtherHost:
                settings["sasl.enabled.mechanisms"] = "PLAIN";
                settings["plain.sasl.jaas.config"] = $"org.apache.kafka.common.security.plain.PlainLoginModule required user_{User}=\"{Password}\";";
                break;
            case SecuredListener.Scram:
                settings["sasl.enabled.mechanisms"] = "SCRAM-SHA-512";
                settings["scram-sha-512.sasl.jaas.config"] = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
                settings["scram-sha-512.connections.max.reauth.ms"] = ScramSession.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
                break;
            case SecuredListener.OAuth:
                settings["sasl.enabled.mechanisms"] = "OAUTHBEARER";
                settings["oauthbearer.sasl.jaas.config"] = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;";
                settings["oauthbearer.sasl.server.callback.handler.class"] = "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler";
                break;
        }

        return settings;
    }

    private static string Name(SecuredListener listener) => listener.ToString().ToUpperInvariant();
}

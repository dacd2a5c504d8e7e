using System.Diagnostics.Metrics;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Daemon;
using AEAnomaly.Host.Exposition;
using AEAnomaly.Host.Tests.Configuration;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;
using AEAnomaly.TestKit.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Host.Tests.Daemon;

/// <summary>What is done with files that change while the daemon runs.</summary>
public sealed class SecretWatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<KafkaRenewal> _renewals = [];
    private readonly List<string> _tokens = [];
    private readonly List<string> _log = [];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricCollector _measured;

    public SecretWatchTests() => _measured = new MetricCollector(Meters);

    private IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public void Dispose()
    {
        _measured.Dispose();
        _services.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Look_ChangedPassword_IsTakenOnceItWasFoundTwice()
    {
        var watch = Watch("sasl.username: fraud, sasl.password: '${file:password}'", ("password", "former\n"));

        _folder.Write("password", "later\n");
        watch.Look();
        Assert.Empty(_renewals);
        watch.Look();
        watch.Look();

        var renewal = Assert.Single(_renewals);
        Assert.Equal("later", renewal.Options.Properties["sasl.password"]);
        Assert.False(renewal.NeedsNewClients);
        Assert.Equal($"{_folder["password"]}: changed, and used from now on to reach Kafka", Assert.Single(_log));
    }

    [Fact]
    public void Look_NothingChanged_DoesNothing()
    {
        var watch = Watch("sasl.username: fraud, sasl.password: '${file:password}'", ("password", "former\n"));

        Look(watch);

        Assert.Empty(_renewals);
        Assert.Empty(_log);
    }

    [Fact]
    public void Look_PasswordNamedByAVariable_IsTaken()
    {
        var file = _folder.Write("password", "former");
        var watch = Watch("sasl.username: fraud", "", [], ("AEANOMALY__KAFKA__PROPERTIES__SASL_PASSWORD", $"${{file:{file}}}"));

        _folder.Write("password", "later");
        Look(watch);

        Assert.Equal("later", Assert.Single(_renewals).Options.Properties["sasl.password"]);
    }

    [Fact]
    public void Look_ChangedClientSecret_NeedsNewClients()
    {
        var watch = Watch(
            "security.protocol: sasl_ssl, sasl.mechanism: OAUTHBEARER, sasl.oauthbearer.method: oidc, sasl.oauthbearer.client.id: fraud, "
            + "sasl.oauthbearer.token.endpoint.url: 'http://127.0.0.1:1/token', sasl.oauthbearer.client.secret: '${file:secret}'",
            ("secret", "former"));

        _folder.Write("secret", "later");
        Look(watch);

        Assert.True(Assert.Single(_renewals).NeedsNewClients);
    }

    [Fact]
    public void Look_KeyThatDoesNotBelongToTheCertificate_IsRefusedUntilTheCertificateComes()
    {
        using var authority = new CertificateAuthority("test authority");
        var (certificate, key) = authority.Issue("fraud");
        var watch = Watch(
            $"security.protocol: ssl, ssl.certificate.location: '{_folder["client.pem"]}', ssl.key.location: '{_folder["client.key"]}'", ("client.pem", certificate), ("client.key", key));
        var (laterCertificate, laterKey) = authority.Issue("fraud");

        _folder.Write("client.key", laterKey);
        Look(watch);

        Assert.Empty(_renewals);
        Assert.Contains("client.key: changed, but no Kafka client can be made with it: ", Assert.Single(_log), StringComparison.Ordinal);
        Assert.Equal((1, 0, 0), Unused());
        Look(watch);
        Assert.Equal((1, 0, 0), Unused());

        _folder.Write("client.pem", laterCertificate);
        Look(watch);

        Assert.True(Assert.Single(_renewals).NeedsNewClients);
        Assert.Equal((0, 0, 0), Unused());
    }

    [Fact]
    public void Look_RefusedFileTakenBack_IsNoLongerMeasured()
    {
        using var authority = new CertificateAuthority("test authority");
        var (certificate, key) = authority.Issue("fraud");
        var watch = Watch(
            $"security.protocol: ssl, ssl.certificate.location: '{_folder["client.pem"]}', ssl.key.location: '{_folder["client.key"]}'", ("client.pem", certificate), ("client.key", key));
        _folder.Write("client.key", authority.Issue("fraud").Key);
        Look(watch);
        Assert.Equal((1, 0, 0), Unused());

        _folder.Write("client.key", key);
        Look(watch);

        Assert.Equal((0, 0, 0), Unused());
    }

    [Theory]
    [InlineData(null, "cannot be used (Could not find file")]
    [InlineData("", "cannot be used (it is empty)")]
    public void Look_FileGoneOrEmpty_SaysSoOnceAndGoesOnWithWhatItHeld(string? content, string expected)
    {
        var watch = Watch("sasl.username: fraud, sasl.password: '${file:password}'", ("password", "former"));

        if (content is null)
            File.Delete(_folder["password"]);
        else
            _folder.Write("password", content);
        Look(watch);
        Look(watch);

        Assert.Empty(_renewals);
        Assert.Contains(expected, Assert.Single(_log), StringComparison.Ordinal);
        Assert.Equal((0, 1, 0), Unused());

        _folder.Write("password", "later");
        Look(watch);

        Assert.Equal((0, 0, 0), Unused());
        Assert.Equal("later", Assert.Single(_renewals).Options.Properties["sasl.password"]);
    }

    [Fact]
    public void Look_FileThatIsNoText_IsMeasuredUntilItIs()
    {
        var watch = Watch("sasl.username: fraud, sasl.password: '${file:password}'", ("password", "former"));

        File.WriteAllBytes(_folder["password"], [0xC3, 0x28]);
        Look(watch);
        Assert.Contains("cannot be used (", Assert.Single(_log), StringComparison.Ordinal);
        Assert.Equal((0, 1, 0), Unused());

        _folder.Write("password", "later");
        Look(watch);

        Assert.Equal("later", Assert.Single(_renewals).Options.Properties["sasl.password"]);
        Assert.Equal((0, 0, 0), Unused());
    }

    [Fact]
    public void Look_ChangedToken_IsReplacedAndKafkaLeftAlone()
    {
        var watch = Watch("client.id: x", "http: { admin_token: '${file:token}' }", [("token", "former")]);

        _folder.Write("token", "later\n");
        Look(watch);

        Assert.Equal(["later"], _tokens);
        Assert.Empty(_renewals);
    }

    [Fact]
    public void Look_ChangedValueThatIsReadAtStartOnly_SaysThatARestartIsNeeded()
    {
        var watch = Watch("client.id: x", "otlp: { endpoint: 'http://127.0.0.1:1', headers: { authorization: '${file:header}' } }", [("header", "former")]);

        _folder.Write("header", "later");
        Look(watch);

        Assert.Empty(_renewals);
        Assert.Equal($"otlp.headers.authorization: its file {_folder["header"]} changed; this one is read at start only: restart the process to use it", Assert.Single(_log));
        Assert.Equal((0, 0, 1), Unused());
    }

    private (int Refused, int Unreadable, int Restart) Unused()
    {
        _measured.Observe();
        return (Of("refused"), Of("unreadable"), Of("restart"));

        int Of(string reason) => (int)_measured.Total("aeanomaly_secret_files_unused", new KeyValuePair<string, object?>("reason", reason));
    }

    private static void Look(SecretWatch watch)
    {
        watch.Look();
        watch.Look();
    }

    private SecretWatch Watch(string properties, params (string Name, string Text)[] files) => Watch(properties, "", files);

    private SecretWatch Watch(string properties, string more, (string Name, string Text)[] files, params (string Name, string Value)[] variables)
    {
        foreach (var (name, text) in files)
            _folder.Write(name, text);
        var file = _folder.Write(
            "aeanomaly.yaml", Configured.Minimal.Replace("  bootstrap_servers: localhost:9092", $"  bootstrap_servers: localhost:9092\n  properties: {{ {properties} }}", StringComparison.Ordinal) + more + "\n");
        var options = ConfigurationLoader.Load(file, variables.ToDictionary(variable => variable.Name, variable => variable.Value));
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(new LineLoggerProvider(_log.Add)).SetMinimumLevel(LogLevel.Information));
        return new SecretWatch(options, _renewals.Add, _tokens.Add, new HostMetrics(Meters), TimeProvider.System, logs.CreateLogger<SecretWatch>());
    }
}

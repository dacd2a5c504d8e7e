using AEAnomaly.TestKit;
using AEAnomaly.TestKit.Security;

namespace AEAnomaly.Integration.Tests.Security;

/// <summary>Every way into a secured broker, by configuration alone; and what is said where the way is barred.</summary>
[Collection(SecuredScene.Collection)]
public sealed class SecuredConnectionTests(SecuredScene scene)
{
    [RealBrokerTheory(needsControl: true, needsFiles: true)]
    [InlineData(SecuredListener.MutualTls)]
    [InlineData(SecuredListener.Plain)]
    [InlineData(SecuredListener.Scram)]
    [InlineData(SecuredListener.OAuth)]
    public async Task Run_RightCredentials_ScoresAlertsAndDeadLetters(SecuredListener listener)
    {
        await using var daemon = await SecuredDaemon.CreateAsync(scene, listener);
        daemon.Write(SecuredDaemon.TrainingRecords, faulty: 2);
        daemon.WriteDamaged();

        await daemon.StartAsync();
        await daemon.AllScoredAsync();

        Assert.Contains("power", TopicReader.ReadCount(daemon.Client, daemon.AlertTopic, 1)[0].ValueText, StringComparison.Ordinal);
        Assert.Equal("malformed", TopicReader.ReadCount(daemon.Client, daemon.DeadLetterTopic, 1)[0].Header("aeanomaly.reason"));
        await daemon.AssertAllScoredAsync();
    }

    [RealBrokerTheory(needsControl: true, needsFiles: true)]
    [InlineData(SecuredListener.Plain, "sasl.password", "not-the-password", "the broker refused the credentials: ", "Invalid username or password; check sasl.mechanism, sasl.username, sasl.password")]
    [InlineData(SecuredListener.Scram, "sasl.password", "not-the-password", "the broker refused the credentials: ", "invalid credentials with SASL mechanism SCRAM-SHA-512; check")]
    [InlineData(SecuredListener.Plain, "sasl.mechanism", "SCRAM-SHA-512", "the broker refused the credentials: ", "broker's supported mechanisms: PLAIN; check sasl.mechanism")]
    [InlineData(SecuredListener.OAuth, "sasl.oauthbearer.client.secret", "not-the-password", "no token for the broker could be had: ", "client secret is wrong", "check sasl.oauthbearer.token.endpoint.url")]
    [InlineData(SecuredListener.Plain, "security.protocol", "sasl_plaintext", "no broker of localhost:", "as a listener with TLS does where security.protocol under kafka.properties has none")]
    [InlineData(SecuredListener.Plain, "ssl.ca.location", null, "the broker's certificate is not trusted: sasl_ssl://localhost:", "ssl.ca.location under kafka.properties, which is not set")]
    [InlineData(SecuredListener.OtherHost, null, null, "the broker's certificate is not trusted: sasl_ssl://localhost:", "/ca.pem), the host's name as kafka.bootstrap_servers")]
    public async Task Run_WayBarred_SaysWhatWhereAndWhatToDo(SecuredListener listener, string? property, string? value, params string[] expected)
    {
        await using var daemon = await SecuredDaemon.CreateAsync(scene, listener, property is null ? null : new Dictionary<string, string?> { [property] = value });

        await daemon.StartAsync();

        await daemon.SaysAsync(expected);
        Assert.DoesNotContain("not-the-password", daemon.Log, StringComparison.Ordinal);
    }

    [RealBrokerFact(needsControl: true, needsFiles: true)]
    public async Task Run_NoClientCertificate_SaysWhatToSet()
    {
        await using var daemon = await SecuredDaemon.CreateAsync(
            scene, SecuredListener.MutualTls, new Dictionary<string, string?> { ["ssl.certificate.location"] = null, ["ssl.key.location"] = null });

        await daemon.StartAsync();

        await daemon.SaysAsync("the broker wants a certificate of this client and there is none: ssl://localhost:", "set ssl.certificate.location and ssl.key.location");
    }

    [RealBrokerFact(needsControl: true, needsFiles: true)]
    public async Task Run_ClientCertificateOfAnotherAuthority_IsNamed()
    {
        await using var daemon = await SecuredDaemon.CreateAsync(scene, SecuredListener.MutualTls);
        using var another = new CertificateAuthority("another authority");
        daemon.WriteCertificate(another);

        await daemon.StartAsync();

        await daemon.SaysAsync("the broker refused this client's certificate (ssl.certificate.location: ", "/client.pem): ssl://localhost:", "an authority that the broker trusts must have issued it");
    }
}

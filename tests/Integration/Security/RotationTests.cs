using AEAnomaly.TestKit;
using AEAnomaly.TestKit.Security;
using Confluent.Kafka;

namespace AEAnomaly.Integration.Tests.Security;

/// <summary>Passwords and certificates that are changed at the broker and in the daemon's files while it runs: no restart, no record lost or scored twice.</summary>
[Collection(SecuredScene.Collection)]
public sealed class RotationTests(SecuredScene scene)
{
    private static readonly string[] Deliveries = ["at_least_once", "exactly_once"];

    [RealBrokerFact(needsControl: true, needsFiles: true)]
    public async Task Run_PasswordChangedAtBrokerAndInFile_GoesOnBeyondTheSessionsOfTheFormer()
    {
        var daemons = await StartAsync(SecuredListener.Scram);
        try
        {
            await scene.Broker.SetScramPasswordAsync("another-password");
            daemons.ForEach(daemon => daemon.Files.Write("password", "another-password\n"));

            await Task.WhenAll(daemons.Select(daemon => daemon.LogsAsync("the Kafka clients have the changed user or password")));
            // Every connection that stands must say again who it is meanwhile.
            await Task.WhenAll(daemons.Select(daemon => daemon.WriteForAsync(1.5 * SecuredBroker.ScramSession)));

            // A connection may have had to before the file was read.
            await Task.WhenAll(daemons.Select(daemon => daemon.AssertAllScoredAsync(isDisturbed: true)));
            Assert.All(daemons, daemon => Assert.DoesNotContain("another-password", daemon.Log, StringComparison.Ordinal));
        }
        finally
        {
            await scene.Broker.SetScramPasswordAsync(SecuredScene.Password);
            await EndAsync(daemons);
        }
    }

    [RealBrokerFact(needsControl: true, needsFiles: true)]
    public async Task Run_PasswordRefusedForAWhile_GoesOnWhenItIsTakenAgain()
    {
        var daemons = await StartAsync(SecuredListener.Scram);
        try
        {
            await scene.Broker.SetScramPasswordAsync("not-the-password");
            await Task.WhenAll(daemons.Select(daemon => daemon.SaysAsync("the broker refused the credentials: ")));
            await scene.Broker.SetScramPasswordAsync(SecuredScene.Password);
            daemons.ForEach(daemon => daemon.Write(50));

            await Task.WhenAll(daemons.Select(daemon => daemon.AssertAllScoredAsync(isDisturbed: true)));
        }
        finally
        {
            await scene.Broker.SetScramPasswordAsync(SecuredScene.Password);
            await EndAsync(daemons);
        }
    }

    [RealBrokerFact(needsControl: true, needsFiles: true)]
    public async Task Run_CertificateChangedInFiles_ComesInWhereTheFormerNoLongerDoes()
    {
        using var next = new CertificateAuthority("the next authority");
        var daemons = await StartAsync(SecuredListener.MutualTls);
        try
        {
            await scene.Broker.TrustAsync(next);
            await IsBarredAsync(daemons[0].Client);
            daemons.ForEach(daemon => daemon.WriteCertificate(next));

            await Task.WhenAll(daemons.Select(daemon => daemon.LogsAsync("the Kafka clients are replaced")));
            daemons.ForEach(daemon => daemon.Write(50));

            await Task.WhenAll(daemons.Select(daemon => daemon.AllScoredAsync()));
            await Task.WhenAll(daemons.Select(daemon => daemon.AssertAllScoredAsync()));
        }
        finally
        {
            await scene.Broker.TrustAsync(scene.Broker.Authority);
            await EndAsync(daemons);
        }
    }

    // The broker takes a change of its settings a little after it has answered.
    private static Task IsBarredAsync(TestBroker client) => Eventually.TrueAsync(
        () =>
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig(client.Client)).SetLogHandler((_, _) => { }).Build();
            return Record.Exception(() => admin.GetMetadata(TimeSpan.FromSeconds(1))) is KafkaException;
        },
        SecuredDaemon.Bound, "the former certificate is refused");

    private static async Task EndAsync(List<SecuredDaemon> daemons)
    {
        foreach (var daemon in daemons)
            await daemon.DisposeAsync();
    }

    // One of each delivery, beside each other.
    private async Task<List<SecuredDaemon>> StartAsync(SecuredListener listener)
    {
        var daemons = new List<SecuredDaemon>();
        foreach (var delivery in Deliveries)
        {
            var daemon = await SecuredDaemon.CreateAsync(scene, listener, delivery: delivery);
            daemons.Add(daemon);
            daemon.Write(SecuredDaemon.TrainingRecords);
            await daemon.StartAsync();
        }

        await Task.WhenAll(daemons.Select(daemon => daemon.AllScoredAsync()));
        return daemons;
    }
}

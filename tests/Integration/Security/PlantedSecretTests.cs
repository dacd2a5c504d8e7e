using AEAnomaly.TestKit;
using AEAnomaly.TestKit.Security;

namespace AEAnomaly.Integration.Tests.Security;

/// <summary>Plants a password, a token and a private key, and looks for them in everything that the product writes.</summary>
[Collection(SecuredScene.Collection)]
public sealed class PlantedSecretTests(SecuredScene scene)
{
    [RealBrokerFact(needsControl: true, needsFiles: true)]
    public async Task RunAndCheck_PlantedSecrets_AreInNothingThatIsWritten()
    {
        await using var daemon = await SecuredDaemon.CreateAsync(scene, SecuredListener.Plain, new Dictionary<string, string?> { ["ssl.key.pem"] = "${file:client.key}", ["ssl.certificate.pem"] = "${file:client.pem}" });
        daemon.Write(SecuredDaemon.TrainingRecords, faulty: 2);
        daemon.WriteDamaged();
        await daemon.StartAsync();
        await daemon.AllScoredAsync();
        using var check = ProductProcess.Start(daemon.Files.Path, [], "check", "--config", daemon.ConfigurationFile);
        Assert.Equal(0, await check.EndsAsync(SecuredDaemon.Bound));
        var written = new Dictionary<string, string>
        {
            ["log"] = daemon.Log,
            ["check"] = string.Join('\n', [.. check.OutputLines, .. check.ErrorLines]),
            ["metrics"] = await daemon.GetAsync("/metrics"),
            ["ready"] = await daemon.GetAsync("/health/ready"),
            ["live"] = await daemon.GetAsync("/health/live"),
            ["page"] = await daemon.GetAsync("/"),
            ["alerts"] = Text(TopicReader.ReadCount(scene.Broker.Open, daemon.AlertTopic, 1)),
            ["dead letters"] = Text(TopicReader.ReadCount(scene.Broker.Open, daemon.DeadLetterTopic, 1)),
            ["scores"] = Text(TopicReader.ReadToEnd(scene.Broker.Open, daemon.ScoresTopic)),
        };
        foreach (var file in Directory.EnumerateFiles(scene.Models.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
            written[file] = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));

        Assert.Contains(written.Keys, name => name.EndsWith("manifest.json", StringComparison.Ordinal));
        Assert.All(written, text => Assert.NotEmpty(text.Value));
        string[] secrets = [SecuredScene.Password, SecuredDaemon.SecretToken, (await File.ReadAllLinesAsync(daemon.Files["client.key"]))[1]];
        Assert.All(written, text => Assert.All(secrets, secret => Assert.False(text.Value.Contains(secret, StringComparison.Ordinal), $"{text.Key} holds the secret {secret}")));
    }

    private static string Text(IReadOnlyList<TopicRecord> records) =>
        string.Join('\n', records.Select(record => $"{record.KeyText} {record.ValueText} {string.Join(' ', record.Headers.Select(header => $"{header.Key}={System.Text.Encoding.UTF8.GetString(header.Value ?? [])}"))}"));
}

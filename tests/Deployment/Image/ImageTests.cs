using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AEAnomaly.Integration.Tests;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Image;

/// <summary>The image runs as a cluster runs it: another user than root, a read-only root, no capabilities; it ends in time and answers the probes.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class ImageTests(BrokerFixture brokers)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    [ImageFact]
    public async Task Image_AsBuilt_SaysWhoRunsItWhatItIsAndWhereItWrites()
    {
        var image = JsonNode.Parse(await ToolRun.OutputOfAsync(ContainerEngineCommand.Program, "image", "inspect", ContainerEngineCommand.Image))![0]!;
        var config = image["Config"]!;

        Assert.Equal("1654:1654", (string?)config["User"]);
        Assert.Equal(["dotnet", "/app/aeanomaly.dll"], config["Entrypoint"]!.AsArray().Select(word => (string)word!));
        Assert.Equal(["/tmp", "/var/lib/aeanomaly"], config["Volumes"]!.AsObject().Select(volume => volume.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["9464/tcp"], config["ExposedPorts"]!.AsObject().Select(port => port.Key));
        Assert.Equal("Apache-2.0", (string?)config["Labels"]!["org.opencontainers.image.licenses"]);
        Assert.Matches(@"^\d+\.\d+\.\d+", (string)config["Labels"]!["org.opencontainers.image.version"]!);
        Assert.Matches("^[0-9a-f]{40}$", (string)config["Labels"]!["org.opencontainers.image.revision"]!);
        Assert.InRange(image["Size"]!.GetValue<long>(), 1, 300_000_000);
    }

    [ImageFact]
    public async Task Demo_ReadOnlyAndWithoutNetwork_ShowsAnExplainedAlertWithinAMinute()
    {
        var started = Stopwatch.StartNew();
        using var demo = ProductProcess.StartCommand(
            ContainerEngineCommand.Program, "/", [], ContainerEngineCommand.Run(["--rm", "--network", "none", "--memory", "512m"], "demo", "--seconds", "25"));
        await Eventually.TrueAsync(
            () => demo.OutputLines.Concat(demo.ErrorLines).Any(line => line.Contains(" where ", StringComparison.Ordinal) && line.Contains("expected", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(60), "an explained alert", () => string.Join('\n', demo.ErrorLines));
        var first = started.Elapsed;
        var exitCode = await demo.EndsAsync(Bound);

        Assert.True(exitCode == 0, string.Join('\n', [.. demo.OutputLines, .. demo.ErrorLines]));
        Assert.Contains("Every record was scored or dead-lettered, every alert was read back.", demo.OutputLines);
        Assert.True(first < TimeSpan.FromSeconds(60), $"first alert after {first.TotalSeconds:0} s");
    }

    [ImageFact]
    public async Task Run_OnABroker_AnswersTheProbesKeepsItsModelAndEndsOnSigterm()
    {
        const int Records = 3000;
        var topic = await brokers.Broker.CreateUniqueTopicAsync("readings");
        await brokers.Broker.CreateTopicAsync(topic + ".alerts", 1);
        await brokers.Broker.CreateTopicAsync(topic + ".dead-letters", 1);
        var readings = new MeterReadings(23);
        using (var writer = new TopicWriter(brokers.Broker, topic))
        {
            for (var i = 0; i < Records; i++)
            {
                var (key, value) = readings.Normal();
                writer.Write(key, value);
            }
        }

        using var folder = await ReadableFolderAsync(topic);
        var volume = topic.Replace('.', '-');
        var address = $"http://127.0.0.1:{FreePorts.Take(1)[0].ToString(CultureInfo.InvariantCulture)}";
        try
        {
            await StartAsync(volume, address, folder);
            await AnswersAsync(volume, address + "/health/live", "alive");
            await AnswersAsync(volume, address + "/health/ready", "\"ready\"");
            await AnswersAsync(volume, address + "/metrics", $"aeanomaly_records_scored_total{{detector=\"meters\"}} {Records}");

            var ending = Stopwatch.StartNew();
            await ToolRun.OutputOfAsync(ContainerEngineCommand.Program, "stop", "--time", "30", volume);
            Assert.True(ending.Elapsed < TimeSpan.FromSeconds(20), $"it ended after {ending.Elapsed.TotalSeconds:0} s");
            Assert.Equal("0", (await ToolRun.OutputOfAsync(ContainerEngineCommand.Program, "inspect", "--format", "{{.State.ExitCode}}", volume)).Trim());
            await ToolRun.OutputOfAsync(ContainerEngineCommand.Program, "rm", volume);

            // The model is on the volume: nothing is trained again.
            await StartAsync(volume, address, folder);
            await AnswersAsync(volume, address + "/health/ready", "\"ready\"");
            var log = await ToolRun.OfAsync(ContainerEngineCommand.Program, "logs", volume);
            Assert.DoesNotContain("\"EventId\":2004", log.Output + log.Error, StringComparison.Ordinal);
        }
        finally
        {
            await ToolRun.OfAsync(ContainerEngineCommand.Program, "rm", "--force", "--volumes", volume);
            await ToolRun.OfAsync(ContainerEngineCommand.Program, "volume", "rm", "--force", volume);
        }
    }

    [ImageFact]
    public async Task Run_WithAWrongConfiguration_SaysSoAndEndsWith2()
    {
        using var folder = await ReadableFolderAsync("x");
        await File.AppendAllTextAsync(folder["aeanomaly.yaml"], "detector: []\n");

        var run = await ToolRun.OfAsync(ContainerEngineCommand.Program, ContainerEngineCommand.Run(["--rm", "--network", "none", "--volume", $"{folder}:/etc/aeanomaly:ro"]));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("did you mean 'detectors'", run.Error, StringComparison.Ordinal);
    }

    private static Task<string> StartAsync(string name, string address, TemporaryFolder folder) => ToolRun.OutputOfAsync(
        ContainerEngineCommand.Program,
        ContainerEngineCommand.Run(
            ["--detach", "--name", name, "--network", "host", "--env", $"AEANOMALY__HTTP__LISTEN={address}", "--volume", $"{folder}:/etc/aeanomaly:ro", "--volume", $"{name}:/var/lib/aeanomaly"]));

    private static async Task AnswersAsync(string container, string address, string text)
    {
        using var client = new HttpClient();
        var last = "";
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    try
                    {
                        using var response = await client.GetAsync(new Uri(address));
                        last = await response.Content.ReadAsStringAsync();
                        return response.IsSuccessStatusCode && last.Contains(text, StringComparison.Ordinal);
                    }
                    catch (HttpRequestException exception)
                    {
                        last = exception.Message;
                        return false;
                    }
                },
                Bound, $"{address} says {text}", () => last);
        }
        catch (TimeoutException exception)
        {
            var log = await ToolRun.OfAsync(ContainerEngineCommand.Program, "logs", container);
            throw new TimeoutException($"{exception.Message}\n{log.Output}\n{log.Error}");
        }
    }

    // Temporary folders are their owner's only; the image's user must read this one.
    private async Task<TemporaryFolder> ReadableFolderAsync(string topic)
    {
        var folder = new TemporaryFolder();
        folder.Write("aeanomaly.yaml", $$"""
            kafka: { bootstrap_servers: "{{brokers.Broker.BootstrapServers}}", group_id: {{topic}}, properties: { session.timeout.ms: "6000" } }
            detectors:
              - name: meters
                topics: [{{topic}}]
                fields:
                  - { name: meter, kind: key }
                  - { name: current, path: reading.current, kind: numeric }
                  - { name: voltage, path: reading.voltage, kind: numeric }
                  - { name: power, path: reading.power, kind: numeric }
                  - { name: mode, kind: categorical }
                training: { window: null, min_records: 2000 }
                alerts: { topic: {{topic}}.alerts }
                dead_letter_topic: {{topic}}.dead-letters

            """);
        await ToolRun.OutputOfAsync("chmod", "755", folder.Path);
        return folder;
    }
}

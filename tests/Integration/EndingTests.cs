using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Daemon;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Who is told to end, ends well, whatever it waits for: exit code 0 and no word of a failure.</summary>
public sealed class EndingTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Sigterm_NoBrokerSinceTheStart_EndsWithZeroWithoutCritical()
    {
        using var folder = new TemporaryFolder();
        using var daemon = Start(folder, $"127.0.0.1:{FreePorts.Take(1)[0]}", "denoising");
        await daemon.LogsAsync(3010, Bound);

        await AssertEndsWellAsync(daemon);
    }

    [Fact]
    public async Task Sigterm_FirstHistoryCannotBeRead_EndsWithZeroWithoutCritical()
    {
        using var folder = new TemporaryFolder();
        using var daemon = Start(folder, $"127.0.0.1:{FreePorts.Take(1)[0]}", "denoising");
        await daemon.LogsAsync(2003, Bound);

        await AssertEndsWellAsync(daemon);
    }

    [Fact]
    public async Task RunAsync_ToldToEndBeforeItHasBegun_EndsWithZero()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, $"127.0.0.1:{FreePorts.Take(1)[0]}", "denoising");
        using var error = new StringWriter();

        Assert.Equal(0, await DaemonHost.RunAsync(ConfigurationLoader.Load(file, new Dictionary<string, string>()), error, new CancellationToken(canceled: true)));
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task Sigterm_DemoWithoutABroker_EndsWithZero()
    {
        await AssertEndsAsync(0, "Stopped before the first payment.", "demo");
    }

    // Told to end like the others, and ends at once; but what was asked for was not done.
    [Theory]
    [InlineData("replay", "--data", "rows.csv")]
    [InlineData("init", "--out", "-")]
    public Task Sigterm_WorkThatNeedsABroker_EndsAtOnceAndSaysThatItWasStopped(string command, string option, string value) =>
        AssertEndsAsync(1, $"aeanomaly {command}: stopped.", command, "--topic", "t", option, value);

    [RealBrokerFact(needsControl: true)]
    public async Task Sigterm_BrokerKilled_EndsWithZeroWithoutCritical()
    {
        await using var broker = await RealBroker.StartAsync();
        using var folder = new TemporaryFolder();
        using var daemon = await StartReadingAsync(folder, broker);

        await broker.KillAsync();

        await AssertEndsWellAsync(daemon);
    }

    [RealBrokerFact(needsControl: true)]
    public async Task Sigterm_BrokerFrozen_EndsWithZeroWithoutCritical()
    {
        await using var broker = await RealBroker.StartAsync();
        using var folder = new TemporaryFolder();
        using var daemon = await StartReadingAsync(folder, broker);

        await broker.PauseAsync();

        await AssertEndsWellAsync(daemon);
    }

    [RealBrokerFact(needsControl: true)]
    public async Task Sigterm_TopicMissing_EndsWithZeroWithoutCritical()
    {
        await using var broker = await RealBroker.StartAsync();
        using var folder = new TemporaryFolder();
        using var daemon = Start(folder, broker.BootstrapServers, "denoising");
        await daemon.LogsAsync(3007, Bound);

        await AssertEndsWellAsync(daemon);
    }

    [RealBrokerTheory(needsControl: true)]
    [InlineData(Posix.Terminate, 143)]
    [InlineData(Posix.Interrupt, 130)]
    public async Task SecondSignal_WhileItFinishes_EndsAtOnce(int signal, int exitCode)
    {
        await using var broker = await RealBroker.StartAsync();
        using var folder = new TemporaryFolder();
        using var daemon = await StartReadingAsync(folder, broker, "60s");
        await broker.PauseAsync();

        daemon.Signal(Posix.Terminate);
        await daemon.LogsAsync(4003, Bound);
        daemon.Signal(signal);

        Assert.Equal(exitCode, await daemon.EndsAsync(TimeSpan.FromSeconds(5)));
    }

    private static async Task<ProductProcess> StartReadingAsync(TemporaryFolder folder, TestBroker broker, string shutdownTimeout = "5s")
    {
        foreach (var topic in new[] { "readings", "meters.alerts", "meters.dead-letters" })
            await broker.CreateTopicAsync(topic);
        var daemon = Start(folder, broker.BootstrapServers, "denoising", shutdownTimeout);
        await daemon.LogsAsync(3001, Bound);
        return daemon;
    }

    private static ProductProcess Start(TemporaryFolder folder, string bootstrap, string variant, string shutdownTimeout = "5s") =>
        ProductProcess.Start(folder.Path, [], "run", "--config", Write(folder, bootstrap, variant, shutdownTimeout));

    private static string Write(TemporaryFolder folder, string bootstrap, string variant, string shutdownTimeout = "5s") =>
        folder.Write("meters.yaml", $$"""
            kafka: { bootstrap_servers: "{{bootstrap}}", shutdown_timeout: {{shutdownTimeout}} }
            models: { directory: "{{folder["models"]}}" }
            http: { listen: "http://127.0.0.1:{{FreePorts.Take(1)[0]}}" }
            detectors:
              - name: meters
                topics: [readings]
                fields:
                  - { name: meter, kind: key }
                  - { name: value, kind: numeric }
                model: { variant: {{variant}} }
            """);

    private static async Task AssertEndsWellAsync(ProductProcess daemon)
    {
        var code = await daemon.TerminateAsync(Bound);

        Assert.True(code == 0, $"exit code {code}:\n{string.Join('\n', daemon.ErrorLines)}");
        Assert.DoesNotContain(Logged(daemon), line => line.Level == "Critical" || line.EventId is 3061 or 4001);
    }

    // The broker takes the connection and never answers.
    private static async Task AssertEndsAsync(int code, string says, params string[] words)
    {
        using var folder = new TemporaryFolder();
        folder.Write("rows.csv", "a,b\n1,2\n");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var bound = new CancellationTokenSource(Bound);
        using var work = ProductProcess.Start(folder.Path, [], [.. words, "--bootstrap", silent.LocalEndpoint.ToString()!]);
        using var connection = await silent.AcceptTcpClientAsync(bound.Token);

        Assert.Equal(code, await work.TerminateAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal([says], work.ErrorLines);
    }

    private static List<(int EventId, string? Level)> Logged(ProductProcess daemon) =>
        [.. daemon.ErrorLines.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement).Select(line => (line.GetProperty("EventId").GetInt32(), line.GetProperty("LogLevel").GetString()))];
}

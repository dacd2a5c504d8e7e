using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>The walks of the documents, from a topic to a daemon and what it says: each command as it stands there, with another broker in the place of the reader's.</summary>
public sealed class DocumentedWalkTests
{
    private const string DocumentedBroker = "localhost:9092";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Samples_ReadmeFromTopToBottom_PrintsTheFaultyReadingsOnce()
    {
        await using var walk = new Walk();
        var commands = DocumentedCommand.In(MarkdownFile.Read("samples/README.md")).Where(command => command.IsWhole).ToArray();
        Assert.Equal(5, commands.Length);

        await walk.EndsWellAsync(commands[0]);
        await walk.EndsWellAsync(commands[1]);
        using var daemon = walk.Start(commands[2]);
        await daemon.AnswersAsync(walk.Address + "/health/ready", Bound);
        using var consumer = walk.Start(commands[3]);
        await walk.EndsWellAsync(commands[4]);

        // Ten of the last 200 readings are faulty.
        await PrintedAsync(10);
        // Every alert comes once more, as after a crash, and ten new ones behind them.
        using (var writer = new TopicWriter(walk.Broker, "readings.alerts"))
        {
            foreach (var alert in TopicReader.ReadToEnd(walk.Broker, "readings.alerts"))
                writer.Write(alert.KeyText, alert.ValueText!);
        }

        await walk.EndsWellAsync(commands[4]);
        await PrintedAsync(20);
        Assert.Equal(consumer.OutputLines.Distinct(), consumer.OutputLines);
        Assert.Equal(0, await daemon.TerminateAsync(Bound));

        Task PrintedAsync(int faulty) => Eventually.TrueAsync(
            () => consumer.OutputLines.Count(IsFaulty) >= faulty, Bound, $"{faulty} faulty readings are printed", () => string.Join('\n', [.. consumer.OutputLines, .. consumer.ErrorLines]));
    }

    [Fact]
    public async Task Readme_RunItOnYourTopic_EndsInADaemonThatIsReady()
    {
        await using var walk = new Walk();
        var commands = DocumentedCommand.In(MarkdownFile.Read("README.md")).Where(command => command.IsProduct && command.Words.Contains("payments.yaml")).ToArray();
        Assert.Equal(["init", "check", "run"], commands.Select(command => command.Words[1]));
        var readings = new MeterReadings(61);
        using (var writer = new TopicWriter(walk.Broker, "payments"))
        {
            for (var i = 0; i < 2500; i++)
            {
                var (key, value) = readings.Normal();
                writer.Write(key, value);
            }
        }

        await walk.EndsWellAsync(commands[0]);
        await walk.EndsWellAsync(commands[1]);
        using var daemon = walk.Start(commands[2]);
        await daemon.AnswersAsync(walk.Address + "/health/ready", Bound);
        Assert.Equal(0, await daemon.TerminateAsync(Bound));
    }

    private static bool IsFaulty(string line) => line.StartsWith("critical ", StringComparison.Ordinal) && line.Contains(": power ", StringComparison.Ordinal) && line.Contains(" was expected", StringComparison.Ordinal);

    /// <summary>A broker, whose topics may have the names that the documents give them, a folder, and an address for the daemon.</summary>
    private sealed class Walk : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public EmbeddedBroker Broker { get; } = new();

        public string Address { get; } = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";

        public async Task EndsWellAsync(DocumentedCommand command)
        {
            using var process = Start(command);
            var code = await process.EndsAsync(Bound);
            Assert.True(code == 0, $"{command}: exit code {code}\n{string.Join('\n', [.. process.OutputLines, .. process.ErrorLines])}");
        }

        public ProductProcess Start(DocumentedCommand command)
        {
            string[] words = [.. command.Words.Select(word => word == DocumentedBroker ? Broker.BootstrapServers : word)];
            if (command.IsProduct)
                return ProductProcess.Start(_folder.Path, [("AEANOMALY__HTTP__LISTEN", Address)], words[1..]);

            // dotnet run -c Release --project samples/X -- WORDS: what it would build lies beside these tests.
            var project = words[Array.IndexOf(words, "--project") + 1];
            var program = Path.Combine(AppContext.BaseDirectory, $"AEAnomaly.Samples.{Path.GetFileName(project)}.dll");
            return ProductProcess.StartCommand("dotnet", _folder.Path, [], [program, .. words[(Array.IndexOf(words, "--") + 1)..]]);
        }

        public async ValueTask DisposeAsync()
        {
            await Broker.DisposeAsync();
            _folder.Dispose();
        }
    }
}

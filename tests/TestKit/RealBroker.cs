using System.Globalization;
using Confluent.Kafka;

namespace AEAnomaly.TestKit;

/// <summary>
/// An Apache Kafka of a test's own: one node (KRaft: broker and controller in one), loopback only, in a temporary folder. It can be
/// stopped, killed, frozen and started again on the same port with the same data; disposing it kills it and deletes the data.
/// </summary>
public sealed class RealBroker : TestBroker
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly string _kafkaHome;
    private readonly int _port;
    private JavaProcess? _process;

    private RealBroker(string kafkaHome, TemporaryFolder folder, int port, int extraPort)
    {
        _kafkaHome = kafkaHome;
        _folder = folder;
        _port = port;
        ExtraPort = extraPort;
    }

    public override BrokerKind Kind => BrokerKind.Real;

    public override string BootstrapServers => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <summary>A free port for one more listener, <c>{extraPort}</c> in settings.</summary>
    public int ExtraPort { get; }

    /// <summary>Whether the broker's process lives, frozen or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What the broker printed so far.</summary>
    public string Log => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "";

    private string LogPath => _folder["broker.log"];

    private string PropertiesPath => _folder["server.properties"];

    /// <summary>Starts a broker and waits until it serves clients.</summary>
    /// <param name="settings">
    /// Further lines of <c>server.properties</c>, which override the kit's own. In values <c>{port}</c>, <c>{controllerPort}</c>,
    /// <c>{extraPort}</c> and <c>{folder}</c> are replaced, so that another listener (TLS, SASL) can be named.
    /// </param>
    /// <exception cref="InvalidOperationException">No Kafka is named by the environment, or it did not start; the message ends with its log.</exception>
    public static async Task<RealBroker> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var home = TestEnvironment.KafkaHome ?? throw new InvalidOperationException(TestEnvironment.WhyNoRealBroker(needsControl: true));
        var ports = FreePorts.Take(3);
        var broker = new RealBroker(home, new TemporaryFolder(), ports[0], ports[2]);
        try
        {
            broker.WriteProperties(ports[1], settings);
            await broker.FormatAsync();
            await broker.StartProcessAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the broker in an orderly way (SIGTERM) and waits until it has ended.</summary>
    public async Task StopAsync()
    {
        var process = Running();
        process.Signal(Posix.Terminate);
        await Eventually.TrueAsync(() => process.HasExited, StopBound, "the broker has ended after SIGTERM", LogTail);
    }

    /// <summary>Kills the broker (SIGKILL), as a crash would, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        var process = Running();
        process.Signal(Posix.Kill);
        await Eventually.TrueAsync(() => process.HasExited, StopBound, "the broker has ended after SIGKILL");
    }

    /// <summary>Freezes the broker (SIGSTOP): its connections stay open and nothing answers.</summary>
    public Task PauseAsync()
    {
        Running().Signal(Posix.Stop);
        return Task.CompletedTask;
    }

    /// <summary>Lets a frozen broker go on (SIGCONT).</summary>
    public Task ResumeAsync()
    {
        Running().Signal(Posix.Continue);
        return Task.CompletedTask;
    }

    /// <summary>Starts a stopped or killed broker again, on the same port with the same data, and waits until it serves clients.</summary>
    /// <exception cref="InvalidOperationException">It still runs, or it did not start.</exception>
    public Task StartAgainAsync()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("the broker still runs: stop or kill it first");
        }

        return StartProcessAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        _process?.Dispose();
        _folder.Dispose();
        await base.DisposeAsync();
    }

    private void WriteProperties(int controllerPort, IReadOnlyDictionary<string, string>? settings)
    {
        var lines = new Dictionary<string, string>
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = "1",
            ["controller.quorum.voters"] = "1@127.0.0.1:{controllerPort}",
            ["listeners"] = "PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllerPort}",
            ["advertised.listeners"] = "PLAINTEXT://127.0.0.1:{port}",
            ["controller.listener.names"] = "CONTROLLER",
            ["inter.broker.listener.name"] = "PLAINTEXT",
            ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL",
            ["log.dirs"] = "{folder}/data",
            ["offsets.topic.replication.factor"] = "1",
            ["offsets.topic.num.partitions"] = "4",
            ["transaction.state.log.replication.factor"] = "1",
            ["transaction.state.log.min.isr"] = "1",
            ["transaction.state.log.num.partitions"] = "4",
            ["share.coordinator.state.topic.replication.factor"] = "1",
            ["share.coordinator.state.topic.min.isr"] = "1",
            // A killed broker is let back in when its old session has ended: nine seconds by default.
            ["broker.session.timeout.ms"] = "2000",
            ["broker.heartbeat.interval.ms"] = "500",
            ["group.initial.rebalance.delay.ms"] = "0",
            ["auto.create.topics.enable"] = "false",
            ["num.network.threads"] = "2",
            ["num.io.threads"] = "2",
            ["log.cleaner.threads"] = "1",
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
        {
            lines[key] = value;
        }

        File.WriteAllLines(PropertiesPath, lines.Select(line => $"{line.Key}={Resolve(line.Value)}"));
        File.WriteAllText(
            _folder["log4j2.properties"],
            """
            appender.out.type = Console
            appender.out.name = out
            appender.out.layout.type = PatternLayout
            appender.out.layout.pattern = %d %p %c{1} %m%n
            rootLogger.level = info
            rootLogger.appenderRef.out.ref = out

            """);

        string Resolve(string value) => value
            .Replace("{port}", Text(_port), StringComparison.Ordinal)
            .Replace("{controllerPort}", Text(controllerPort), StringComparison.Ordinal)
            .Replace("{extraPort}", Text(ExtraPort), StringComparison.Ordinal)
            .Replace("{folder}", _folder.Path, StringComparison.Ordinal);

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private async Task FormatAsync()
    {
        // Kafka's cluster ids are 16 random bytes in URL-safe base64; one may begin with a hyphen, so it is not an argument of its own.
        var id = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        using var tool = JavaProcess.Start(
            LogPath, [.. JavaOptions("-Xmx128m"), "kafka.tools.StorageTool", "format", $"--cluster-id={id}", "--config", PropertiesPath]);
        await Eventually.TrueAsync(() => tool.HasExited, StartBound, "the broker's storage is formatted", LogTail);
        if (tool.ExitCode != 0)
        {
            throw new InvalidOperationException($"Kafka's storage tool ended with exit code {tool.ExitCode}; its log ends with:\n{LogTail()}");
        }
    }

    private async Task StartProcessAsync()
    {
        _process?.Dispose();
        var process = _process = JavaProcess.Start(LogPath, [.. JavaOptions("-Xmx384m"), "kafka.Kafka", PropertiesPath]);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers, ReconnectBackoffMaxMs = 200 })
            .SetLogHandler((_, _) => { }) // refused connections are expected until it listens
            .Build();
        await Eventually.TrueAsync(() => process.HasExited || Serves(admin), StartBound, "the broker serves clients", LogTail);
        if (process.HasExited)
        {
            throw new InvalidOperationException($"the broker ended with exit code {process.ExitCode}; its log ends with:\n{LogTail()}");
        }
    }

    private static bool Serves(IAdminClient admin)
    {
        try
        {
            return admin.GetMetadata(TimeSpan.FromSeconds(1)).Brokers.Count > 0;
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    private string[] JavaOptions(string heap) =>
    [
        heap,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", // a test's broker lives for a minute: compiling less starts it sooner
        $"-Dlog4j2.configurationFile=file:{_folder["log4j2.properties"]}",
        "-cp",
        Path.Combine(_kafkaHome, "libs", "*"),
    ];

    private JavaProcess Running() =>
        _process is { HasExited: false } process ? process : throw new InvalidOperationException("the broker does not run");

    private string LogTail() => string.Join('\n', Log.Split('\n').TakeLast(30));
}

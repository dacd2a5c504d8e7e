using System.Globalization;

namespace AEAnomaly.TestKit;

/// <summary>A broker as a Java process, from an unpacked Kafka: on loopback only, with its data in a temporary folder.</summary>
internal sealed class UnpackedBroker : BrokerNode
{
    private static readonly TimeSpan FormatBound = TimeSpan.FromMinutes(5);

    // A test's further listeners stand beside the one that the kit itself talks to.
    private static readonly string[] Added = ["listeners", "advertised.listeners", "listener.security.protocol.map"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _kafkaHome;
    private readonly string _clusterId;
    private readonly string? _tokenKeys;
    private JavaProcess? _process;

    public UnpackedBroker(string kafkaHome, string clusterId, int id, int port, int[] controllerPorts, IReadOnlyDictionary<string, string> settings)
    {
        _kafkaHome = kafkaHome;
        _clusterId = clusterId;
        Id = id;
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        _tokenKeys = settings.GetValueOrDefault("sasl.oauthbearer.jwks.endpoint.url");
        var all = Properties(controllerPorts);
        foreach (var (key, value) in settings)
            all[key] = Added.Contains(key) ? $"{all[key]},{value}" : value;
        File.WriteAllLines(PropertiesPath, all.Select(setting => $"{setting.Key}={setting.Value}"));
        File.WriteAllText(
            LoggingPath,
            """
            appender.out.type = Console
            appender.out.name = out
            appender.out.layout.type = PatternLayout
            appender.out.layout.pattern = %d %p %c{1} %m%n
            rootLogger.level = info
            rootLogger.appenderRef.out.ref = out

            """);
    }

    public override int Id { get; }

    public override string Address { get; }

    private string LogPath => _folder["broker.log"];

    private string LoggingPath => _folder["log4j2.properties"];

    private string PropertiesPath => _folder["server.properties"];

    public override async Task StartAsync()
    {
        if (_process is null)
            await FormatAsync();
        _process?.Dispose();
        _process = JavaProcess.Start(LogPath, [.. JavaOptions("-Xmx384m"), "kafka.Kafka", PropertiesPath]);
    }

    public override Task TerminateAsync() => Signal(Posix.Terminate);

    public override Task KillAsync() => Signal(Posix.Kill);

    public override Task PauseAsync() => Signal(Posix.Stop);

    public override Task ResumeAsync() => Signal(Posix.Continue);

    public override Task<bool> IsRunningAsync() => Task.FromResult(_process is { HasExited: false });

    public override async Task<string> ReadLogAsync() => File.Exists(LogPath) ? await File.ReadAllTextAsync(LogPath) : "";

    public override ValueTask DisposeAsync()
    {
        _process?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Dictionary<string, string> Properties(int[] controllerPorts)
    {
        string Controller(int id) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{controllerPorts[id - 1]}");
        return new Dictionary<string, string>
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = Id.ToString(CultureInfo.InvariantCulture),
            ["controller.quorum.voters"] = string.Join(',', Enumerable.Range(1, controllerPorts.Length).Select(id => $"{id}@{Controller(id)}")),
            ["listeners"] = $"PLAINTEXT://{Address},CONTROLLER://{Controller(Id)}",
            ["advertised.listeners"] = $"PLAINTEXT://{Address}",
            ["controller.listener.names"] = "CONTROLLER",
            ["inter.broker.listener.name"] = "PLAINTEXT",
            ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            ["log.dirs"] = _folder["data"],
        };
    }

    private async Task FormatAsync()
    {
        // An id may begin with a hyphen, so it is not an argument of its own.
        using var tool = JavaProcess.Start(
            LogPath, [.. JavaOptions("-Xmx128m"), "kafka.tools.StorageTool", "format", $"--cluster-id={_clusterId}", "--config", PropertiesPath]);
        await Eventually.TrueAsync(() => tool.HasExited, FormatBound, $"the storage of broker {Id} is formatted");
        if (tool.ExitCode != 0)
            throw new InvalidOperationException($"Kafka's storage tool ended with exit code {tool.ExitCode}; its log ends with:\n{await ReadLogTailAsync()}");
    }

    private Task Signal(int signal)
    {
        _process?.Signal(signal);
        return Task.CompletedTask;
    }

    private string[] JavaOptions(string heap) =>
    [
        heap,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", // a test's broker lives for a minute: compiling less starts it sooner
        $"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={_tokenKeys}", // Kafka reads keys from where its process is told that it may
        $"-Dlog4j2.configurationFile=file:{LoggingPath}",
        "-cp",
        Path.Combine(_kafkaHome, "libs", "*"),
    ];
}

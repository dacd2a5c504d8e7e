using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Integration.Tests.Cases;

/// <summary>The program on topics of its own, from outside: its command line, its health, its metrics, its log.</summary>
internal sealed class CaseDaemon : IDisposable
{
    private const string Payments = "{ name: time, kind: timestamp }, { name: card, kind: key }, { name: amount, kind: numeric }, { name: items, kind: numeric }";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly string _address = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
    private readonly string _bootstrap;
    private ProductProcess? _process;

    private CaseDaemon(string topic, string bootstrap, string detector)
    {
        (Topic, _bootstrap) = (topic, bootstrap);
        Config = _folder.Write("c.yaml", $$"""
            kafka: { bootstrap_servers: "{{bootstrap}}", group_id: case }
            models: { directory: "{{_folder["models"]}}" }
            http: { listen: "{{_address}}" }
            detectors:
              - name: {{topic}}
                topics: [{{topic}}]
                alerts: { topic: {{topic}}.alerts }
                dead_letter_topic: {{topic}}.dead
            {{detector}}
            """);
    }

    public string Topic { get; }

    public string Group => $"case.{Topic}";

    public string Config { get; }

    private ProductProcess Process => _process ?? throw new InvalidOperationException("The program does not run.");

    /// <summary>Creates the topics and a configuration; starts nothing.</summary>
    /// <param name="broker">Where the topics are.</param>
    /// <param name="model">The model's keys.</param>
    /// <param name="fields">The fields; by default those of the payments.</param>
    /// <param name="more">Further keys of the detector.</param>
    /// <param name="withAlerts">Whether the alert topic is created.</param>
    public static async Task<CaseDaemon> CreateAsync(TestBroker broker, string model = "variant: denoising", string fields = Payments, string more = "", bool withAlerts = true)
    {
        var daemon = new CaseDaemon(broker.UniqueName("case"), broker.BootstrapServers, $"    fields: [ {fields} ]\n    model: {{ {model} }}\n    fit: {{ max_steps: 400 }}\n{more}");
        foreach (var topic in withAlerts ? new[] { "", ".dead", ".alerts" } : ["", ".dead"])
            await broker.CreateTopicAsync(daemon.Topic + topic);
        return daemon;
    }

    /// <summary>Writes a configuration for a broker that does not answer.</summary>
    public static CaseDaemon WithoutBroker() => new("case", $"127.0.0.1:{FreePorts.Take(1)[0]}", $"    fields: [ {Payments} ]");

    /// <summary>Replays a file of the folder of cases into the topic.</summary>
    /// <returns>The number of its records.</returns>
    public async Task<int> ReplayAsync(string file, int? linesASecond = null)
    {
        var path = CaseTable.Find(file);
        var replay = await CommandRun.Of([
            "replay", "--data", path, "--topic", Topic, "--bootstrap", _bootstrap, .. linesASecond is { } rate ? new[] { "--rate", rate.ToString(CultureInfo.InvariantCulture) } : []]);
        Assert.True(replay.ExitCode == 0, replay.Error);
        var rows = Lines(file).Count();
        return file.Contains(".csv", StringComparison.Ordinal) ? rows - 1 : rows;
    }

    /// <summary>Starts the program and waits until it is ready, or only alive.</summary>
    public async Task StartAsync(bool isReady = true)
    {
        _process = ProductProcess.Start(_folder.Path, [], "run", "--config", Config);
        await Process.AnswersAsync(_address + (isReady ? "/health/ready" : "/health/live"), Bound);
    }

    /// <summary>Sends SIGTERM.</summary>
    /// <returns>The exit code, and how many log lines are critical.</returns>
    public async Task<string> StopAsync()
    {
        var code = await Process.TerminateAsync(Bound);
        return $"exit {code}, {Logged("\"Critical\"")} critical";
    }

    /// <summary>Counts the log lines that hold a text.</summary>
    public int Logged(string text) => Process.ErrorLines.Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits until the log holds a text.</summary>
    public Task LogsAsync(string text) => Eventually.TrueAsync(() => Logged(text) > 0, Bound, $"it logs {text}", () => string.Join('\n', Process.ErrorLines));

    /// <summary>Sums a metric over its series whose labels hold a text.</summary>
    public async Task<long> MetricAsync(string name, string label = "")
    {
        var page = await _client.GetStringAsync(new Uri(_address + "/metrics"));
        return (long)page.Split('\n')
            .Where(line => line.StartsWith($"aeanomaly_{name}{{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until a metric has reached a number.</summary>
    public async Task ReachesAsync(string name, long number, string label = "")
    {
        long found = 0;
        await Eventually.TrueAsync(
            async () => (found = await MetricAsync(name, label)) >= number, Bound, $"{name} {label} is {number}", () => $"{found}\n{string.Join('\n', Process.ErrorLines)}");
    }

    /// <summary>Waits until the lag is 0 and gives it, or fails.</summary>
    public async Task<long> NoLagAsync()
    {
        await Eventually.TrueAsync(
            async () => (await HealthAsync()).GetProperty("lag") is { ValueKind: JsonValueKind.Number } lag && lag.GetInt64() == 0, Bound, "the lag is 0", () => string.Join('\n', Process.ErrorLines));
        return await MetricAsync("lag");
    }

    /// <summary>Waits until the last error in the health holds a text, and gives it.</summary>
    public async Task<string> SaysAsync(string text, TimeSpan? bound = null)
    {
        var last = "";
        await Eventually.TrueAsync(
            async () => (last = (await HealthAsync()).GetProperty("last_error").GetString() ?? "").Contains(text, StringComparison.Ordinal),
            bound ?? Bound, $"the health says '{text}'", () => $"{last}\n{string.Join('\n', Process.ErrorLines)}");
        return last;
    }

    /// <summary>Gives the reason of the detector's state.</summary>
    public async Task<string> ReasonAsync() => (await HealthAsync()).GetProperty("reason").GetString()!;

    /// <summary>Deletes the input topic and creates it again at once.</summary>
    public async Task MakeAnewAsync(TestBroker broker)
    {
        await broker.DeleteTopicAsync(Topic);
        await broker.CreateTopicAsync(Topic);
    }

    /// <summary>Gives what the group has committed, and the end of the log.</summary>
    public (long Committed, long End) Offsets()
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = _bootstrap, GroupId = Group }).Build();
        var partition = new TopicPartition(Topic, 0);
        return (consumer.Committed([partition], Bound)[0].Offset.Value, consumer.QueryWatermarkOffsets(partition, Bound).High.Value);
    }

    /// <summary>Reads the lines of a file of the folder of cases.</summary>
    public static IEnumerable<string> Lines(string file)
    {
        using var stored = File.OpenRead(CaseTable.Find(file));
        using Stream stream = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stored, CompressionMode.Decompress) : stored;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    public void Dispose()
    {
        _process?.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    private async Task<JsonElement> HealthAsync()
    {
        using var answer = await _client.GetAsync(new Uri(_address + "/health/ready"));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detectors")[0];
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Daemon;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.Models.Fitting;
using AEAnomaly.TestKit;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Integration.Tests;

/// <summary>Runs the real daemon against topics of its own on a test broker; can stop it and start another in its place.</summary>
internal sealed class DaemonHarness : IAsyncDisposable
{
    public const int TrainingRecords = 1500;
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    private const int ClientLines = 200;

    private readonly AEAnomalyOptions _options;
    private readonly TemporaryFolder _models;
    private readonly List<string> _log = [];
    private readonly Queue<string> _clientLog = new();
    private DaemonHost? _daemon;
    private long _scoredBefore;
    private long _deadBefore;

    private DaemonHarness(TestBroker broker, AEAnomalyOptions options, TemporaryFolder models)
    {
        Broker = broker;
        _options = options;
        _models = models;
    }

    public TestBroker Broker { get; }

    public DetectorOptions Detector => _options.Detectors[0];

    public HttpOptions Http => _options.Http;

    public OtlpOptions Otlp => _options.Otlp;

    public string Topic => Detector.Topics[0];

    public DaemonHost Daemon => _daemon ?? throw new InvalidOperationException("The daemon does not run.");

    public string ModelFolder => _options.Models.Directory;

    /// <summary>Gets where the detector stands.</summary>
    public DetectorStatus Status => Daemon.State.Detectors[0].Detector.Status;

    public string Address => Daemon.Addresses.First();

    /// <summary>Gets the records scored, by the daemons before included.</summary>
    public long Scored => _scoredBefore + (long)(_daemon?.Metrics.Total("aeanomaly_records_scored") ?? 0);

    /// <summary>Gets the records whose window was not full, by the daemon that runs.</summary>
    public long Warming => (long)Daemon.Metrics.Total("aeanomaly_records_warming");

    /// <summary>Gets the partitions of the daemon that runs.</summary>
    public int Partitions => Daemon.State.Detectors[0].Consumer.Status.AssignedPartitions;

    /// <summary>Gets the dead letters, by the daemons before included.</summary>
    public long DeadLettered => _deadBefore + (long)(_daemon?.Metrics.Total("aeanomaly_dead_letters") ?? 0);

    /// <summary>Gets what was logged so far, but for what librdkafka says.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log);
        }
    }

    // The last lines of many: why a client did not get into its group.
    private string ClientLog
    {
        get
        {
            lock (_log)
                return string.Join('\n', _clientLog);
        }
    }

    /// <summary>Creates topics and configuration; starts nothing.</summary>
    /// <param name="broker">Where the topics are.</param>
    /// <param name="partitions">Partitions of the input topic; 0 leaves it uncreated.</param>
    /// <param name="largestRecordBytes">What the input topic takes, where the broker has such a setting.</param>
    /// <param name="modelFolder">Folder of the versions; by default one of its own.</param>
    public static async Task<DaemonHarness> CreateAsync(TestBroker broker, int partitions = 3, int? largestRecordBytes = null, string? modelFolder = null)
    {
        var topic = broker.UniqueName("readings");
        if (partitions > 0)
        {
            await broker.CreateTopicAsync(topic, partitions, largestRecordBytes is { } bytes && broker.Kind == BrokerKind.Real
                ? new Dictionary<string, string> { ["max.message.bytes"] = bytes.ToString(CultureInfo.InvariantCulture) }
                : null);
        }

        var alerts = await broker.CreateUniqueTopicAsync("alerts");
        var dead = await broker.CreateUniqueTopicAsync("dead");
        var models = new TemporaryFolder();
        return new DaemonHarness(
            broker,
            new AEAnomalyOptions
            {
                Kafka = new KafkaOptions
                {
                    BootstrapServers = broker.BootstrapServers,
                    GroupId = broker.UniqueName("group"),
                    Properties = { ["session.timeout.ms"] = "6000", ["heartbeat.interval.ms"] = "500", ["debug"] = "cgrp" },
                },
                Http = new HttpOptions { Listen = "http://127.0.0.1:0" },
                Models = new ModelStoreOptions { Directory = modelFolder ?? models.Path },
                Detectors =
                [
                    new DetectorOptions
                    {
                        Name = "meters",
                        Topics = [topic],
                        DeadLetterTopic = dead,
                        Fields =
                        [
                            new FieldSpec { Name = "id", Kind = FieldKind.Ignore, PassThrough = PassThrough.Plain },
                            new FieldSpec { Name = "meter", Kind = FieldKind.Key, PassThrough = PassThrough.Plain },
                            new FieldSpec { Name = "current", Path = "reading.current", Kind = FieldKind.Numeric, Unit = "A" },
                            new FieldSpec { Name = "voltage", Path = "reading.voltage", Kind = FieldKind.Numeric, Unit = "V" },
                            new FieldSpec { Name = "power", Path = "reading.power", Kind = FieldKind.Numeric, Unit = "W" },
                            new FieldSpec { Name = "mode", Kind = FieldKind.Categorical },
                        ],
                        Fit = new TrainingOptions { MaxSteps = 400 },
                        Threshold = new ThresholdOptions { Quantile = 0.999 },
                        Training = new RetrainingOptions { Window = null, MinRecords = TrainingRecords, MaxRecords = 4 * TrainingRecords },
                        Alerts = new AlertOptions { Topic = alerts },
                    },
                ],
            },
            models);
    }

    /// <summary>Makes a further member of the same group, with the same topics and versions; starts nothing.</summary>
    public DaemonHarness AnotherMember() => new(Broker, _options, new TemporaryFolder());

    /// <summary>Writes readings; the last <paramref name="faulty"/> of them are faulty.</summary>
    public void Write(MeterReadings readings, int normal, int faulty = 0)
    {
        using var writer = new TopicWriter(Broker, Topic);
        for (var i = 0; i < normal + faulty; i++)
        {
            var (key, value) = i < normal ? readings.Normal() : readings.Faulty();
            writer.Write(key, value);
        }
    }

    public async Task StartAsync()
    {
        _daemon = DaemonHost.Create(_options, LogOutput.Lines(Note, LogLevel.Debug));
        await _daemon.StartAsync(CancellationToken.None);
    }

    /// <summary>Stops the daemon as SIGTERM does.</summary>
    public async Task StopAsync()
    {
        await Daemon.StopAsync(CancellationToken.None);
        (_scoredBefore, _deadBefore) = (Scored, DeadLettered);
        await Daemon.DisposeAsync();
        _daemon = null;
    }

    public Task ScoredAsync(long records, TimeSpan? bound = null) =>
        Eventually.TrueAsync(() => Scored >= records, bound ?? Bound, $"{records} records are scored", () => $"{Scored} scored at {TimeProvider.System.GetUtcNow():HH:mm:ss}, {Daemon.State.Detectors[0].Detector.Status}, {Daemon.State.Detectors[0].Consumer.Status}, log:\n{Log}\nof the Kafka clients:\n{ClientLog}");

    /// <summary>Reads the distinct alerts about records (not the close notices), waiting until those of some readings are there.</summary>
    /// <param name="readings">Sequence numbers of readings that must raise an alert.</param>
    public IReadOnlyList<JsonElement> ReadAlerts(IEnumerable<int> readings)
    {
        var wanted = readings.ToHashSet();
        return [.. Distinct(TopicReader.ReadUntil(Broker, Detector.AlertTopicName, records => wanted.IsSubsetOf(Distinct(records).Select(SequenceOf)), Bound))];
    }

    /// <summary>Gives the sequence number of the reading that an alert is about.</summary>
    public static int SequenceOf(JsonElement alert) =>
        int.Parse(alert.GetProperty("evidence").GetProperty("fields").GetProperty("id").GetString()!.AsSpan(2), CultureInfo.InvariantCulture);

    /// <summary>Reads the ratio that each alert so far gives its reading, by the reading's sequence number; one that came twice must have the same.</summary>
    public IReadOnlyDictionary<int, double> ReadRatios()
    {
        var ratios = new SortedDictionary<int, double>();
        foreach (var record in TopicReader.ReadToEnd(Broker, Detector.AlertTopicName, Bound))
        {
            var alert = JsonSerializer.Deserialize<JsonElement>(record.Value);
            if (alert.GetProperty("action").GetString() == "close")
                continue;
            var ratio = alert.GetProperty("ratio").GetDouble();
            if (!ratios.TryAdd(SequenceOf(alert), ratio))
                Assert.Equal(ratios[SequenceOf(alert)], ratio);
        }

        return ratios;
    }

    /// <summary>Waits until the state's reason says something.</summary>
    public Task SaysAsync(string reason) =>
        Eventually.TrueAsync(() => Status.Reason.Contains(reason, StringComparison.Ordinal), Bound, $"the state says '{reason}'", () => $"{Status}, log:\n{Log}");

    /// <summary>Asks a health endpoint.</summary>
    public async Task<(HttpStatusCode Code, JsonElement Body)> GetAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Address) };
        using var response = await client.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Calls the admin API.</summary>
    public async Task<JsonElement> PostAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Address) };
        using var response = await client.PostAsync(path, null);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {body}");
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
            await StopAsync();
        _models.Dispose();
    }

    private static IEnumerable<JsonElement> Distinct(IEnumerable<TopicRecord> records) =>
        records.Select(r => JsonSerializer.Deserialize<JsonElement>(r.Value))
            .Where(a => a.GetProperty("action").GetString() != "close")
            .DistinctBy(a => a.GetProperty("id").GetString());

    private void Note(string line)
    {
        var timed = $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line}";
        lock (_log)
        {
            if (!line.StartsWith("librdkafka ", StringComparison.Ordinal))
            {
                _log.Add(timed);
                return;
            }

            if (_clientLog.Count == ClientLines)
                _clientLog.Dequeue();
            _clientLog.Enqueue(timed);
        }
    }
}

using System.Diagnostics;
using System.Text.Json;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Daemon;
using AEAnomaly.Host.Workers;
using AEAnomaly.TestKit;
using AEAnomaly.TestKit.Security;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Integration.Tests.Security;

/// <summary>A daemon, configured by a file as a user writes it, that reaches the broker by one of its secured listeners.</summary>
internal sealed class SecuredDaemon : IAsyncDisposable
{
    public const int TrainingRecords = 400;
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly SecuredScene _scene;
    private readonly MeterReadings _readings = new(41);
    private readonly List<string> _log = [];
    private readonly string _address;
    private readonly string _delivery;
    private readonly Dictionary<string, string?> _properties;
    private DaemonHost? _daemon;
    private int _written;

    private SecuredDaemon(SecuredScene scene, SecuredListener listener, string topic, string delivery)
    {
        _scene = scene;
        _delivery = delivery;
        Topic = topic;
        _address = scene.Broker.AddressOf(listener);
        _properties = PropertiesOf(listener);
        // Of the same authority as the broker's; a test may write others.
        Files.Write("ca.pem", scene.Broker.Authority.Pem);
        WriteCertificate(scene.Broker.Authority);
        Files.Write("password", SecuredScene.Password + "\n");
        Files.Write("token", SecretToken + "\n");
    }

    /// <summary>Gets the token of the admin API, which no output may hold.</summary>
    public static string SecretToken => "Pl4nted-T0ken-of-the-admin-api";

    /// <summary>Gets the folder of the configuration and of the files that it names: ca.pem, client.pem, client.key, password, token.</summary>
    public TemporaryFolder Files { get; } = new();

    /// <summary>Gets the broker as the daemon reaches it, for clients of the test's own.</summary>
    public TestBroker Client => new ListenerClient(_address, _properties.ToDictionary(property => property.Key, property => property.Value?.Replace("${file:password}", SecuredScene.Password, StringComparison.Ordinal)));

    public string ConfigurationFile => Files["aeanomaly.yaml"];

    public string Topic { get; }

    public string AlertTopic => Topic + ".alerts";

    public string DeadLetterTopic => Topic + ".dead";

    public string ScoresTopic => Topic + ".scores";

    public DaemonHost Daemon => _daemon ?? throw new InvalidOperationException("the daemon does not run");

    public DetectorRuntime Detector => Daemon.State.Detectors[0];

    public Uri Address => new(Daemon.Addresses.First());

    public long Scored => (long)(_daemon?.Metrics.Total("aeanomaly_records_scored") ?? 0);

    /// <summary>Gets everything logged so far, librdkafka's lines too.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return string.Join('\n', _log);
        }
    }

    /// <summary>Makes topics, files and the configuration; starts nothing.</summary>
    /// <param name="scene">Broker and model folder.</param>
    /// <param name="listener">How the broker is reached.</param>
    /// <param name="properties">Properties that differ from those that are right for the listener; null leaves one out.</param>
    /// <param name="delivery">Delivery of the detector.</param>
    public static async Task<SecuredDaemon> CreateAsync(
        SecuredScene scene, SecuredListener listener, IReadOnlyDictionary<string, string?>? properties = null, string delivery = "at_least_once")
    {
        var topic = await scene.Broker.Open.CreateUniqueTopicAsync("secured");
        var daemon = new SecuredDaemon(scene, listener, topic, delivery);
        await scene.Broker.Open.CreateTopicAsync(daemon.AlertTopic);
        await scene.Broker.Open.CreateTopicAsync(daemon.DeadLetterTopic);
        await scene.Broker.Open.CreateTopicAsync(daemon.ScoresTopic);
        foreach (var (name, value) in properties ?? new Dictionary<string, string?>())
            daemon._properties[name] = value;
        daemon.Files.Write("aeanomaly.yaml", daemon.Configuration());
        return daemon;
    }

    public async Task StartAsync()
    {
        _daemon = DaemonHost.Create(ConfigurationLoader.Load(ConfigurationFile, new Dictionary<string, string>()), LogOutput.Lines(Note, LogLevel.Debug));
        await _daemon.StartAsync(CancellationToken.None);
    }

    /// <summary>Writes readings, the last <paramref name="faulty"/> of them faulty, by the listener without security.</summary>
    public void Write(int normal, int faulty = 0)
    {
        using var writer = new TopicWriter(_scene.Broker.Open, Topic);
        for (var i = 0; i < normal + faulty; i++)
        {
            var (key, value) = i < normal ? _readings.Normal() : _readings.Faulty();
            writer.Write(key, value);
        }

        _written += normal + faulty;
    }

    /// <summary>Writes readings for a time, as a stream does.</summary>
    public async Task WriteForAsync(TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        using var writer = new TopicWriter(_scene.Broker.Open, Topic);
        await Eventually.TrueAsync(
            () =>
            {
                var (key, value) = _readings.Normal();
                writer.Write(key, value);
                writer.Flush();
                _written++;
                return Stopwatch.GetElapsedTime(started) > time;
            },
            2 * time + Bound, $"readings were written for {time.TotalSeconds} s");
    }

    /// <summary>Waits until it logged something.</summary>
    public Task LogsAsync(string text) => Eventually.TrueAsync(() => Log.Contains(text, StringComparison.Ordinal), Bound, $"it logs '{text}'", Describe);

    /// <summary>Waits until as much as was written is scored.</summary>
    public Task AllScoredAsync() => Eventually.TrueAsync(() => Scored >= _written, Bound, $"{_written} records are scored", Describe);

    /// <summary>Writes a record that cannot be decoded.</summary>
    public void WriteDamaged()
    {
        using var writer = new TopicWriter(_scene.Broker.Open, Topic);
        writer.Write("k", "{");
    }

    /// <summary>Gives the daemon a certificate, and the key that belongs to it.</summary>
    public void WriteCertificate(CertificateAuthority authority)
    {
        var (certificate, key) = authority.Issue(SecuredBroker.User);
        Files.Write("client.pem", certificate);
        Files.Write("client.key", key);
    }

    /// <summary>Waits until it says, in health and in its log, what is wrong with the connection.</summary>
    public async Task SaysAsync(params string[] parts)
    {
        await Eventually.TrueAsync(
            () => Array.TrueForAll(parts, part => Detector.Consumer.Status.LastError?.Contains(part, StringComparison.Ordinal) == true), Bound, $"health says '{string.Join("', '", parts)}'", Describe);
        Assert.Contains(Log.Split('\n'), line => Array.TrueForAll(parts, part => line.Contains(part, StringComparison.Ordinal)));
    }

    /// <summary>Waits until every record written has a score in the topic, and fails where one has two although the delivery, or an undisturbed run, allows that not.</summary>
    public async Task AssertAllScoredAsync(bool isDisturbed = false)
    {
        List<long> scores = [];
        await Eventually.TrueAsync(
            () => (scores = [.. TopicReader.ReadToEnd(_scene.Broker.Open, ScoresTopic).Select(OffsetOf)]).Distinct().Count() >= _written,
            Bound, $"{_written} records have a score", () => $"{scores.Count}\n{Describe()}");
        Assert.Equal(Enumerable.Range(0, _written).Select(offset => (long)offset), scores.Distinct().Order());
        if (!isDisturbed || _delivery == "exactly_once")
            Assert.Equal(_written, scores.Count);
    }

    public async Task<string> GetAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var response = await client.GetAsync(path);
        return await response.Content.ReadAsStringAsync();
    }

    public string Describe() => _daemon is null ? Log : $"{Scored} scored; {Detector.Consumer.Status}; {Detector.Detector.Status}\n{string.Join('\n', Log.Split('\n').TakeLast(60))}";

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.StopAsync(CancellationToken.None);
            await _daemon.DisposeAsync();
        }

        Files.Dispose();
    }

    private Dictionary<string, string?> PropertiesOf(SecuredListener listener)
    {
        var properties = new Dictionary<string, string?>
        {
            ["security.protocol"] = listener == SecuredListener.MutualTls ? "ssl" : "sasl_ssl",
            ["ssl.ca.location"] = Files["ca.pem"],
        };
        switch (listener)
        {
            case SecuredListener.MutualTls:
                properties["ssl.certificate.location"] = Files["client.pem"];
                properties["ssl.key.location"] = Files["client.key"];
                break;
            case SecuredListener.OAuth:
                properties["sasl.mechanism"] = "OAUTHBEARER";
                properties["sasl.oauthbearer.method"] = "oidc";
                properties["sasl.oauthbearer.client.id"] = SecuredBroker.User;
                properties["sasl.oauthbearer.client.secret"] = "${file:password}";
                properties["sasl.oauthbearer.token.endpoint.url"] = _scene.Broker.Tokens.Url;
                break;
            default:
                properties["sasl.mechanism"] = listener == SecuredListener.Scram ? "SCRAM-SHA-512" : "PLAIN";
                properties["sasl.username"] = SecuredBroker.User;
                properties["sasl.password"] = "${file:password}";
                break;
        }

        return properties;
    }

    private static long OffsetOf(TopicRecord record) => JsonSerializer.Deserialize<JsonElement>(record.Value).GetProperty("offset").GetInt64();

    private string Configuration() =>
        $$"""
        kafka:
          bootstrap_servers: {{_address}}
          group_id: {{Topic}}
          properties:
        {{string.Join('\n', _properties.Where(property => property.Value is not null).Select(property => $"    {property.Key}: '{property.Value}'"))}}
        http: { listen: 'http://127.0.0.1:0', admin_token: '${file:token}' }
        models: { directory: '{{_scene.Models.Path}}' }
        detectors:
          - name: meters
            topics: ['{{Topic}}']
            dead_letter_topic: '{{DeadLetterTopic}}'
            scores_topic: '{{ScoresTopic}}'
            delivery: {{_delivery}}
            fields:
              - { name: id, kind: ignore, pass_through: plain }
              - { name: meter, kind: key }
              - { name: current, path: reading.current, kind: numeric }
              - { name: voltage, path: reading.voltage, kind: numeric }
              - { name: power, path: reading.power, kind: numeric }
            fit: { max_steps: 200 }
            threshold: { quantile: 0.999 }
            training: { window: null, min_records: {{TrainingRecords}}, max_records: {{4 * TrainingRecords}} }
            alerts: { topic: '{{AlertTopic}}' }

        """;

    private void Note(string line)
    {
        lock (_log)
            _log.Add(line);
    }
}

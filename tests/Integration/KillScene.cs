using System.Globalization;
using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Integration.Tests;

/// <summary>A configuration with topics of its own on a real broker, for a daemon that is a process and is killed.</summary>
internal sealed class KillScene
{
    private const int TrainingRecords = 2_000;
    private const int Partitions = 3;

    private readonly TestBroker _broker;
    private readonly TemporaryFolder _folder;
    private readonly MeterReadings _readings = new(11);
    private readonly string _input;
    private readonly string _group;
    private readonly string _undisturbedGroup;
    private readonly string _config;
    private readonly string _undisturbed;
    private readonly string[] _health;

    private KillScene(TestBroker broker, TemporaryFolder folder, string delivery, string history)
    {
        (_broker, _folder) = (broker, folder);
        _input = broker.UniqueName("readings");
        (_group, _undisturbedGroup) = (broker.UniqueName("group"), broker.UniqueName("group"));
        (Alerts, DeadLetters, Scores, UndisturbedScores) = (broker.UniqueName("alerts"), broker.UniqueName("dead"), broker.UniqueName("scores"), broker.UniqueName("undisturbed"));
        _health = [.. FreePorts.Take(2).Select(port => $"http://127.0.0.1:{port}")];
        _config = folder.Write("meters.yaml", Configure(delivery, _group, Scores, "history", history));
        _undisturbed = folder.Write("undisturbed.yaml", Configure(delivery, _undisturbedGroup, UndisturbedScores, "undisturbed", history));
    }

    /// <summary>Tells how often a test kills: as AEANOMALY_TEST_KILLS says, or so often.</summary>
    public static int KillsOr(int usual) => Environment.GetEnvironmentVariable("AEANOMALY_TEST_KILLS") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    public string Alerts { get; }

    public string DeadLetters { get; }

    public string Scores { get; }

    /// <summary>Gets the topic of the scores by <see cref="JudgeUndisturbedAsync"/>.</summary>
    public string UndisturbedScores { get; }

    /// <summary>Creates the topics.</summary>
    /// <param name="broker">Where.</param>
    /// <param name="folder">Folder of the configuration and the models.</param>
    /// <param name="delivery">Guarantee.</param>
    /// <param name="history">The keys of the section of what is remembered, with commas; nothing for none.</param>
    public static async Task<KillScene> CreateAsync(TestBroker broker, TemporaryFolder folder, string delivery, string history = "")
    {
        var scene = new KillScene(broker, folder, delivery, history);
        await broker.CreateTopicAsync(scene._input, Partitions);
        await broker.CreateTopicAsync(scene.Alerts, 2);
        await broker.CreateTopicAsync(scene.DeadLetters);
        await broker.CreateTopicAsync(scene.Scores, Partitions);
        await broker.CreateTopicAsync(scene.UndisturbedScores, Partitions);
        return scene;
    }

    /// <summary>Starts a daemon.</summary>
    /// <param name="replica">Which of the two that share the group: 0 or 1.</param>
    public ProductProcess Start(int replica = 0) => Start(_config, replica);

    /// <summary>Waits until a daemon judges what it reads, however long a busy machine takes to start it.</summary>
    public async Task JudgesAsync(ProductProcess daemon, TimeSpan bound)
    {
        using var client = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await client.GetStringAsync(new Uri(_health[0] + "/metrics"))).Split('\n').Any(IsScored);
                }
                catch (HttpRequestException)
                {
                    // It is still starting.
                    return false;
                }
            },
            bound, "records are scored", () => string.Join('\n', daemon.ErrorLines));

        static bool IsScored(string line) => line.StartsWith("aeanomaly_records_scored_total{", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal);
    }

    /// <summary>Lets it train its model, once.</summary>
    public async Task TrainAsync(TimeSpan bound)
    {
        using (var writer = new TopicWriter(_broker, _input))
        {
            for (var i = 0; i < TrainingRecords; i++)
                Write(writer, _readings.Normal());
        }

        using var daemon = Start();
        await daemon.AnswersAsync(_health[0] + "/health/ready", bound);
        Assert.Equal(0, await daemon.TerminateAsync(bound));
    }

    /// <summary>Writes records until it is told to end: most normal, some anomalous in runs of the same meter, some bad.</summary>
    public Task StreamAsync(CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            using var writer = new TopicWriter(_broker, _input);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            for (var turn = 0; !cancellationToken.IsCancellationRequested; turn++)
            {
                for (var i = 0; i < 20; i++)
                    Write(writer, i == turn % 20 ? _readings.Faulty() : _readings.Normal());
                if (turn % 10 == 0)
                    writer.Write("meter-00", "rubbish");
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        },
        CancellationToken.None);

    /// <summary>Lets a daemon judge what is left, and end as it should.</summary>
    public Task DrainAsync(TimeSpan bound) => DrainAsync(_config, _group, bound);

    /// <summary>Lets another daemon, of a group of its own, judge all by the same model, without any disturbance.</summary>
    public Task JudgeUndisturbedAsync(TimeSpan bound) => DrainAsync(_undisturbed, _undisturbedGroup, bound);

    /// <summary>Gives where every record lies that was written.</summary>
    public IReadOnlyList<(int Partition, long Offset)> Written() => [.. Read(_input).Select(record => (record.Partition, record.Offset)).Order()];

    public IReadOnlyList<TopicRecord> Read(string topic) => TopicReader.ReadToEndOfLog(_broker, topic, TimeSpan.FromMinutes(5));

    private async Task DrainAsync(string config, string group, TimeSpan bound)
    {
        using var daemon = Start(config, 0);
        await daemon.AnswersAsync(_health[0] + "/health/ready", bound);
        // The lag that the daemon tells is that of partitions which it knows the end of; a static member that is gone keeps its own until its session ends.
        await Eventually.TrueAsync(() => Left(group) is (0, null), bound, "nothing is left", () => $"left are {Left(group)}\n{string.Join('\n', daemon.ErrorLines)}");
        Assert.Equal(0, await daemon.TerminateAsync(bound));
    }

    // With why it is not known, while a broker that was killed a moment ago cannot tell, or another leads in its place.
    private (long? Records, string? Problem) Left(string group)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig(_broker.Client) { GroupId = $"{group}.meters" }).Build();
        try
        {
            var committed = consumer.Committed(Enumerable.Range(0, Partitions).Select(partition => new TopicPartition(_input, partition)), TimeSpan.FromSeconds(20));
            return (committed.Sum(position => consumer.QueryWatermarkOffsets(position.TopicPartition, TimeSpan.FromSeconds(20)).High.Value - Math.Max(0, position.Offset.Value)), null);
        }
        catch (KafkaException exception)
        {
            return (null, exception.Message);
        }
    }

    private ProductProcess Start(string config, int replica) => ProductProcess.Start(
        _folder.Path, [("AEANOMALY__KAFKA__INSTANCE_ID", $"killed-{replica}"), ("AEANOMALY__HTTP__LISTEN", _health[replica])], "run", "--config", config);

    // Committed seldom, so that kills come between publishing and committing.
    private string Configure(string delivery, string group, string scores, string historyFolder, string history) => $$"""
        kafka: { bootstrap_servers: "{{_broker.BootstrapServers}}", group_id: "{{group}}", shutdown_timeout: 5s, commit_interval: 1s }
        models: { directory: "{{_folder["models"]}}" }
        detectors:
          - name: meters
            topics: ["{{_input}}"]
            delivery: {{delivery}}
            scores_topic: "{{scores}}"
            {{(history.Length == 0 ? "" : $"history: {{ directory: '{_folder[historyFolder]}', {history} }}")}}
            dead_letter_topic: "{{DeadLetters}}"
            fields: {{MeterReadings.Fields}}
            fit: { max_steps: 300 }
            training: { window: null, min_records: {{TrainingRecords}}, max_records: {{TrainingRecords}} }
            alerts: { topic: "{{Alerts}}" }
        """;

    private static void Write(TopicWriter writer, (string Key, string Value) reading) => writer.Write(reading.Key, reading.Value);
}

using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Ingest.Embedded;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Host.Tests.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedCluster _cluster = EmbeddedCluster.Start();

    [Fact]
    public async Task Replay_FileIntoATopic_IsWhatInitThenFinds()
    {
        _cluster.CreateTopic("rows", 2);
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(300));

        var replayed = await CommandRun.Of("replay", "--data", data, "--topic", "rows", "--bootstrap", _cluster.BootstrapServers);
        Assert.True(replayed.ExitCode == 0, replayed.Error);
        Assert.StartsWith($"{data}: 300 of 300 records are in topic rows at {_cluster.BootstrapServers}, ", replayed.Output, StringComparison.Ordinal);

        var run = await CommandRun.Of("init", "--topic", "rows", "--bootstrap", _cluster.BootstrapServers, "--out", "-");
        Assert.True(run.ExitCode == 0, run.Error);
        var options = ConfigurationLoader.LoadText(run.Output, "standard output", new Dictionary<string, string>());
        Assert.Equal(_cluster.BootstrapServers, options.Kafka.BootstrapServers);
        Assert.Equal(["rows"], options.Detectors[0].Topics);
        Assert.Equal(
            [FieldKind.Numeric, FieldKind.Numeric, FieldKind.Numeric, FieldKind.Categorical, FieldKind.Label],
            options.Detectors[0].Fields.Select(f => f.Kind));
    }

    [Fact]
    public async Task Replay_BadRow_StopsThereAndSaysHowManyArrived()
    {
        _cluster.CreateTopic("bad", 1);
        var data = _folder.Write("rows.csv", GeneratedRows.Csv(20) + "1,2\n");

        var run = await CommandRun.Of("replay", "--data", data, "--topic", "bad", "--bootstrap", _cluster.BootstrapServers);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{data}: 20 of 20 records are in topic bad", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{data} line 22", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_DeadLetters_AreTheRecordsAgainWhereTheyCameFrom()
    {
        foreach (var topic in new[] { "dead", "payments", "elsewhere" })
            _cluster.CreateTopic(topic, 1);
        var time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        using (var producer = new TopicProducer(new KafkaOptions { BootstrapServers = _cluster.BootstrapServers }))
        {
            void Letter(string value, string reason, params string[] more) => producer.Produce(
                "dead", "key"u8.ToArray(), Encoding.UTF8.GetBytes(value),
                [Header("trace", "abc"), Header("aeanomaly.topic", "payments"), Header("aeanomaly.reason", reason), Header("aeanomaly.timestamp", $"{time.ToUnixTimeMilliseconds()}"), .. more.Select(name => Header(name, "9"))]);
            Letter("one", "malformed");
            Letter("two", "wrong_type");
            Letter("three", "malformed", "aeanomaly.value_size");
            producer.Produce("dead", null, "foreign"u8.ToArray());
            Letter("four", "malformed");
            Assert.True(producer.Flush(TimeSpan.FromSeconds(30)));
        }

        string[] words = ["replay", "--from-dlq", "dead", "--bootstrap", _cluster.BootstrapServers, "--reason", "malformed"];
        var dry = await CommandRun.Of([.. words, "--dry-run"]);
        Assert.True(dry.ExitCode == 0, dry.Error);
        Assert.Equal(
            ["payments: 2 of reason malformed", "left out: 1 of other reasons", "left out: 1 that were cut, so that the record is not whole; their headers say where it lies",
                "left out: 1 messages that are no dead letters of aeanomaly", "dead: 2 dead letters would be produced; nothing was (--dry-run)"],
            dry.OutputLines);

        var run = await CommandRun.Of(words);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("dead: 2 of 2 dead letters are in their topics again", run.Output, StringComparison.Ordinal);
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = _cluster.BootstrapServers, GroupId = "reader" }).Build();
        consumer.Assign(new TopicPartitionOffset("payments", 0, Offset.Beginning));
        foreach (var value in new[] { "one", "four" })
        {
            var message = consumer.Consume(TimeSpan.FromSeconds(30)).Message;
            Assert.Equal(("key", value, time.ToUnixTimeMilliseconds()), (Encoding.UTF8.GetString(message.Key), Encoding.UTF8.GetString(message.Value), message.Timestamp.UnixTimestampMs));
            Assert.Equal("trace", Assert.Single(message.Headers).Key);
        }

        var elsewhere = await CommandRun.Of("replay", "--from-dlq", "dead", "--bootstrap", _cluster.BootstrapServers, "--topic", "elsewhere");
        Assert.Contains("elsewhere: 1 of reason wrong_type", elsewhere.Output, StringComparison.Ordinal);

        static KeyValuePair<string, byte[]?> Header(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
    }

    [Theory]
    [InlineData("say where to: --topic TOPIC.", "--data", "x.csv")]
    [InlineData("--data does not go with --from-dlq.", "--data", "x.csv", "--from-dlq", "dead")]
    [InlineData("--rate does not go with --from-dlq.", "--rate", "5", "--from-dlq", "dead")]
    [InlineData("--reason and --dry-run go with --from-dlq.", "--data", "x.csv", "--topic", "t", "--dry-run")]
    public async Task Replay_WordsThatDoNotFit_AreRefused(string expected, params string[] words)
    {
        var run = await CommandRun.Of(["replay", .. words]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("aeanomaly replay: " + expected, run.ErrorLines[0]);
    }

    [Fact]
    public async Task Replay_DeadLetterTopicMissing_SaysSo()
    {
        var run = await CommandRun.Of("replay", "--from-dlq", "nowhere", "--bootstrap", _cluster.BootstrapServers, "--dry-run");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Topic 'nowhere' does not exist", run.ErrorLines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    public async Task Replay_RateThatIsNone_IsRefused(string rate)
    {
        var run = await CommandRun.Of("replay", "--data", "x.csv", "--topic", "t", "--rate", rate);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"aeanomaly replay: --rate: found '{rate}'; expected a number of records a second above 0.", run.ErrorLines[0]);
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _folder.Dispose();
    }
}

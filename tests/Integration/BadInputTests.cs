using System.Security.Cryptography;
using System.Text;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>What producers do wrong, through the real path: it is named, kept in the dead-letter topic, and the records around it are scored.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class BadInputTests(BrokerFixture brokers)
{
    [Fact]
    public async Task Run_EveryKindOfBadRecord_IsDeadLetteredWithItsReasonAndTheRestIsScored()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker, partitions: 1);
        var readings = new MeterReadings(21);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        (string Name, byte[] Value, string Reason, string Message)[] bad =
        [
            ("truncated", Text("""{"meter":"m","reading":{"curr"""), "malformed", "the message ends before its JSON object is complete"),
            ("type", Text("""{"meter":"m","reading":{"current":"much"}}"""), "wrong_type", "Field 'current' at byte 34: expected a finite number, found \"much\""),
            ("no key", Text("""{"id":"x","reading":{"current":9}}"""), "missing_field", "Field 'meter' (path 'meter') is required, and it is absent"),
            ("nan", Text("""{"meter":"m","reading":{"power":NaN}}"""), "not_finite", "JSON has no NaN or infinity (a missing value is null), found NaN"),
            ("1e400", Text("""{"meter":"m","reading":{"power":1e400}}"""), "not_finite", "Field 'power' at byte 32: expected a finite number, found 1e400"),
            ("deep", Text($$"""{"meter":"m","extra":{{new string('[', 40)}}{{new string(']', 40)}}}"""), "too_deep", "nested deeper than the limit of 32"),
            ("utf8", [.. Text("""{"meter":"m","mode":" """), 0xC3, 0x28, .. Text("\"}")], "invalid_utf8", "not valid UTF-8, found 0xC3"),
            ("empty", [], "malformed", "The message is empty; expected one JSON object"),
        ];
        using (var writer = new TopicWriter(harness.Broker, harness.Topic))
        {
            foreach (var (name, value, _, _) in bad)
                writer.Write(Text(name), value);
        }

        harness.Write(readings, 100);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 100);
        harness.Write(readings, 0, faulty: 2);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 102);

        var letters = TopicReader.ReadCount(harness.Broker, harness.Detector.DeadLetterTopicName, bad.Length, DaemonHarness.Bound).ToDictionary(letter => letter.KeyText!);
        foreach (var (name, value, reason, message) in bad)
        {
            Assert.Equal((name, reason), (name, letters[name].Header("aeanomaly.reason")));
            Assert.Contains(message, letters[name].Header("aeanomaly.error"), StringComparison.Ordinal);
            Assert.Equal(value, letters[name].Value);
        }

        harness.ReadAlerts(Enumerable.Range(DaemonHarness.TrainingRecords + 100, 2));
        await Eventually.TrueAsync(() => harness.DeadLettered == bad.Length, DaemonHarness.Bound, "all are counted", () => $"{harness.DeadLettered}");
        Assert.Equal(DaemonHarness.TrainingRecords + 102, harness.Scored);
        Assert.Contains("(malformed): Byte 29: the message ends before its JSON object is complete", harness.Log, StringComparison.Ordinal);
        Assert.Contains($"; it goes to topic {harness.Detector.DeadLetterTopicName}", harness.Log, StringComparison.Ordinal);
    }

    // On a real broker only: the embedded cluster keeps 5 MB a partition.
    [RealBrokerFact]
    public async Task Run_RecordOfTenMegabytes_IsDeadLetteredWithSizeAndHash()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker, partitions: 1, largestRecordBytes: 12_000_000);
        var readings = new MeterReadings(22);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        var value = new byte[10_000_000];
        new Random(22).NextBytes(value);
        using (var writer = new TopicWriter(harness.Broker, harness.Topic))
            writer.Write("large"u8.ToArray(), value);
        await Eventually.TrueAsync(() => harness.DeadLettered == 1, DaemonHarness.Bound, "it is dead-lettered", () => harness.Log);
        harness.Write(readings, 50, faulty: 1);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 51);

        var letter = Assert.Single(TopicReader.ReadCount(harness.Broker, harness.Detector.DeadLetterTopicName, 1, DaemonHarness.Bound));
        Assert.Equal(("large", "too_large"), (letter.KeyText, letter.Header("aeanomaly.reason")));
        Assert.Contains("The value has 10000000 bytes; kafka.max_record_bytes allows 1048576", letter.Header("aeanomaly.error"), StringComparison.Ordinal);
        Assert.Equal("10000000", letter.Header("aeanomaly.value_size"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(value)), letter.Header("aeanomaly.value_sha256"));
        Assert.Equal(value[..letter.Value!.Length], letter.Value);
        harness.ReadAlerts([DaemonHarness.TrainingRecords + 50]);
    }

    [Fact]
    public async Task Run_CategoryThatTrainingNeverHad_IsAlertedAsNeverSeenBefore()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker, partitions: 1);
        var readings = new MeterReadings(23);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);

        using (var writer = new TopicWriter(harness.Broker, harness.Topic))
        {
            var (key, value) = readings.InMode("turbo");
            writer.Write(key, value);
        }

        var alert = harness.ReadAlerts([DaemonHarness.TrainingRecords]).Single(a => DaemonHarness.SequenceOf(a) == DaemonHarness.TrainingRecords);
        Assert.StartsWith("mode turbo never seen before (", alert.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        var mode = alert.GetProperty("features")[0];
        Assert.Equal(("mode", "turbo", true), (mode.GetProperty("name").GetString(), mode.GetProperty("observed").GetString(), mode.GetProperty("unseen").GetBoolean()));
        Assert.Equal(0, harness.DeadLettered);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}

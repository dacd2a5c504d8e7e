using System.Globalization;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Integration.Tests;

/// <summary>A daemon that remembers keys, on a broker: whichever process read the records before, each is judged as by one that read them all.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class HistoryTests(BrokerFixture brokers)
{
    private const int Readings = DaemonHarness.TrainingRecords + 600;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_InTheMiddleOfAStream_ScoresAsADaemonThatNeverStopped(bool hasFiles)
    {
        await using var harness = await Create();
        var readings = new MeterReadings(71);
        harness.Write(readings, Readings - 400);
        await harness.StartAsync();
        await harness.ScoredAsync(Readings - 400);
        await harness.StopAsync();
        Assert.Equal(3, Directory.GetFiles(Folder(harness), "*.keys", SearchOption.AllDirectories).Length);
        if (!hasFiles)
            Directory.Delete(Folder(harness), recursive: true);

        harness.Write(readings, 400);
        await harness.StartAsync();
        await harness.ScoredAsync(Readings);
        Assert.Equal(hasFiles ? 3 : 0, Files(harness, "taken_over"));
        Assert.Equal(hasFiles ? 0 : Readings - 400, harness.Daemon.Metrics.Total("aeanomaly_records_recalled"));
        await harness.StopAsync();

        await AssertAsOneDaemon(harness);
    }

    [Fact]
    public async Task Rebalance_AMemberJoinsAndLeaves_ScoresAsOneDaemonAlone()
    {
        await using var first = await Create();
        await using var second = first.AnotherMember();
        var readings = new MeterReadings(72);
        first.Write(readings, Readings - 600);
        await first.StartAsync();
        await first.ScoredAsync(Readings - 600);

        await second.StartAsync();
        await Partitions(() => first.Partitions + second.Partitions == 3 && second.Partitions > 0, "each has some");
        first.Write(readings, 300);
        await Scored(Readings - 300);
        Assert.NotEqual(0, second.Scored);
        Assert.NotEqual(0, Files(second, "taken_over"));

        await second.StopAsync();
        await Partitions(() => first.Partitions == 3, "the first has all again");
        first.Write(readings, 300);
        await Scored(Readings);
        Assert.Equal(0, Files(first, "refused") + Files(first, "failed"));
        await first.StopAsync();

        await AssertAsOneDaemon(first);

        Task Partitions(Func<bool> condition, string what) => Eventually.TrueAsync(condition, DaemonHarness.Bound, what);

        Task Scored(int records) => Eventually.TrueAsync(
            () => first.Scored + second.Scored >= records, DaemonHarness.Bound, $"{records} records are scored", () => $"{first.Scored} + {second.Scored}, log:\n{first.Log}\n{second.Log}");
    }

    [RealBrokerFact]
    public async Task Restart_RecordsAfterTheFilesDeleted_GoesOnAndSaysHowMany()
    {
        await using var harness = await Create();
        using var kept = new TemporaryFolder();
        var readings = new MeterReadings(73);
        harness.Write(readings, Readings - 400);
        await harness.StartAsync();
        await harness.ScoredAsync(Readings - 400);
        await harness.StopAsync();
        var older = Offsets(harness);
        foreach (var file in Directory.GetFiles(Folder(harness), "*.keys", SearchOption.AllDirectories))
            File.Copy(file, kept[Path.GetFileName(file)]);
        harness.Write(readings, 200);
        await harness.StartAsync();
        await harness.ScoredAsync(Readings - 200);
        await harness.StopAsync();
        var committed = Offsets(harness);

        // As if the process had been killed before it wrote the newer ones, and stood still until retention came.
        foreach (var (partition, offset) in committed)
        {
            File.Move(kept[$"{partition}-{older[partition]}.keys"], Path.Combine(Folder(harness), harness.Topic, $"{partition}-{older[partition]}.keys"));
            File.Delete(Path.Combine(Folder(harness), harness.Topic, $"{partition}-{offset}.keys"));
        }

        var deletedBefore = committed.ToDictionary(pair => pair.Key, pair => (older[pair.Key] + pair.Value) / 2);
        using (var admin = new AdminClientBuilder(new AdminClientConfig(harness.Broker.Client)).Build())
            await admin.DeleteRecordsAsync(deletedBefore.Select(pair => new TopicPartitionOffset(harness.Topic, pair.Key, pair.Value)));
        harness.Write(readings, 200);
        await harness.StartAsync();
        await harness.ScoredAsync(Readings);

        Assert.Equal(3, Files(harness, "taken_over"));
        Assert.Equal(deletedBefore.Sum(pair => pair.Value - older[pair.Key]), Recalled("deleted"));
        Assert.Equal(committed.Sum(pair => pair.Value - deletedBefore[pair.Key]), Recalled("used"));
        foreach (var (partition, before) in deletedBefore)
            Assert.Contains($"partition {partition}: {before - older[partition]} records from offset {older[partition]} on, judged before, were deleted", harness.Log, StringComparison.Ordinal);

        long Recalled(string outcome) => (long)harness.Daemon.Metrics.Total("aeanomaly_records_recalled", new KeyValuePair<string, object?>("outcome", outcome));
    }

    // The same topic, since what is remembered depends on when its records came.
    private async Task AssertAsOneDaemon(DaemonHarness disturbed)
    {
        await using var whole = await Create(disturbed.ModelFolder);
        whole.Detector.Topics = [disturbed.Topic];
        using var folder = new TemporaryFolder();
        whole.Detector.History!.Directory = folder.Path;
        await whole.StartAsync();
        await whole.ScoredAsync(Readings);
        await whole.StopAsync();

        var ratios = whole.ReadRatios();
        // The threshold is the median: about every second reading tells its ratio.
        Assert.InRange(ratios.Count, Readings / 4, Readings);
        Assert.Equal(ratios, disturbed.ReadRatios());
    }

    private static string Folder(DaemonHarness harness) => Path.Combine(harness.ModelFolder, ".history", "meters");

    // Which offset the file of each partition stands for.
    private static Dictionary<int, long> Offsets(DaemonHarness harness) => Directory.GetFiles(Folder(harness), "*.keys", SearchOption.AllDirectories)
        .Select(file => Path.GetFileNameWithoutExtension(file).Split('-')).ToDictionary(name => int.Parse(name[0], CultureInfo.InvariantCulture), name => long.Parse(name[1], CultureInfo.InvariantCulture));

    private static long Files(DaemonHarness harness, string outcome) => (long)harness.Daemon.Metrics.Total("aeanomaly_history_files", new KeyValuePair<string, object?>("outcome", outcome));

    private async Task<DaemonHarness> Create(string? modelFolder = null)
    {
        var harness = await DaemonHarness.CreateAsync(brokers.Broker, modelFolder: modelFolder);
        harness.Detector.History = new HistoryOptions
        {
            Remember =
            [
                new HistoryItem { Count = true },
                new HistoryItem { Sum = "power" },
                new HistoryItem { Usual = "current" },
                new HistoryItem { Usual = "current", Within = "mode", Of = HistoryScope.All },
                new HistoryItem { Share = "mode" },
                new HistoryItem { FirstSeen = "mode" },
                new HistoryItem { Gap = true },
            ],
        };
        harness.Detector.Fit.MaxSteps = 60;
        harness.Detector.Threshold.Quantile = 0.5;
        return harness;
    }
}

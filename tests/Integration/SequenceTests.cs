using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Sequences;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>A variant that reads windows, on a real daemon: what it scores depends on what came before, whichever process read that.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class SequenceTests(BrokerFixture brokers)
{
    private const int Window = 4;
    private const int Meters = 40;
    private const int Warming = Meters * (Window - 1);
    private const int Readings = DaemonHarness.TrainingRecords + 600;

    public static TheoryData<string> Variants =>
        [.. VariantCatalog.All.Where(variant => variant.OptionsType.IsSubclassOf(typeof(SequenceOptions))).Select(variant => variant.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Run_WindowsOfOneKey_TrainsThenScoresAndAlertsOnFaultyLastRecords(string variant)
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        var options = (SequenceOptions)VariantCatalog.CreateOptions(variant);
        (options.Window, options.Hidden) = (Window, [32]);
        harness.Detector.Model = options;
        var readings = new MeterReadings(61);
        harness.Write(readings, DaemonHarness.TrainingRecords + 300);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 300 - Warming);

        harness.Write(readings, 0, faulty: 3);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 303 - Warming);

        var alerts = harness.ReadAlerts(Enumerable.Range(DaemonHarness.TrainingRecords + 300, 3));
        Assert.Contains(alerts, alert => DaemonHarness.SequenceOf(alert) == DaemonHarness.TrainingRecords + 302);
        Assert.Equal(Warming, (long)harness.Daemon.Metrics.Total("aeanomaly_records_warming"));
    }

    [Fact]
    public async Task Restart_InTheMiddleOfAStream_ScoresAsADaemonThatNeverStopped()
    {
        await using var whole = await RunWhole(seed: 51);
        await using var harness = await Create(whole.ModelFolder);
        var readings = new MeterReadings(51);
        harness.Write(readings, Readings - 400);
        await harness.StartAsync();
        await harness.ScoredAsync(Readings - 400 - Warming);
        Assert.Equal(Warming, harness.Warming);
        await harness.StopAsync();

        harness.Write(readings, 400);
        await harness.StartAsync();
        await harness.ScoredAsync(Readings - Warming);
        Assert.Equal(0, harness.Warming);
        Assert.Equal(Readings - Warming, harness.Scored);
        await harness.StopAsync();

        AssertSameRatios(whole, harness);
    }

    [Fact]
    public async Task Rebalance_AMemberJoinsAndLeaves_ScoresAsOneDaemonAlone()
    {
        await using var whole = await RunWhole(seed: 52);
        await using var first = await Create(whole.ModelFolder);
        await using var second = first.AnotherMember();
        var readings = new MeterReadings(52);
        first.Write(readings, Readings - 600);
        await first.StartAsync();
        await first.ScoredAsync(Readings - 600 - Warming);

        await second.StartAsync();
        await Partitions(() => first.Partitions + second.Partitions == 3 && second.Partitions > 0, "each has some");
        first.Write(readings, 300);
        await Scored(Readings - 300);
        Assert.NotEqual(0, second.Scored);
        Assert.Equal(0, second.Warming);

        await second.StopAsync();
        await Partitions(() => first.Partitions == 3, "the first has all again");
        first.Write(readings, 300);
        await Scored(Readings);
        Assert.Equal(Warming, first.Warming);
        await first.StopAsync();

        AssertSameRatios(whole, first);

        Task Partitions(Func<bool> condition, string what) => Eventually.TrueAsync(condition, DaemonHarness.Bound, what);

        Task Scored(int records) => Eventually.TrueAsync(
            () => first.Scored + second.Scored >= records - Warming, DaemonHarness.Bound, $"{records} records are scored", () => $"{first.Scored} + {second.Scored}, log:\n{first.Log}\n{second.Log}");
    }

    [Fact]
    public async Task Retrain_AndRollback_LeaveNoRecordUnscored()
    {
        await using var harness = await Create(null);
        var readings = new MeterReadings(53);
        harness.Write(readings, Readings);
        await harness.StartAsync();
        await harness.ScoredAsync(Readings - Warming);
        var first = harness.Status.ModelVersion;

        await harness.PostAsync("/api/detectors/meters/retrain");
        await Eventually.TrueAsync(() => harness.Status is { Retraining: false } status && status.ModelVersion != first, DaemonHarness.Bound, "another version scores", () => $"{harness.Status}, log:\n{harness.Log}");
        harness.Write(readings, 200);
        await harness.ScoredAsync(Readings + 200 - Warming);
        await harness.PostAsync("/api/detectors/meters/rollback");
        harness.Write(readings, 200);
        await harness.ScoredAsync(Readings + 400 - Warming);

        Assert.Equal(Warming, harness.Warming);
        Assert.Equal(first, harness.Status.ModelVersion);
    }

    private static void AssertSameRatios(DaemonHarness expected, DaemonHarness actual)
    {
        var ratios = expected.ReadRatios();
        // The threshold is the median: about every second reading tells its ratio.
        Assert.InRange(ratios.Count, Readings / 4, Readings);
        Assert.Equal(ratios, actual.ReadRatios());
    }

    // Trains the version that the others use, and scores all readings with it.
    private async Task<DaemonHarness> RunWhole(int seed)
    {
        var harness = await Create(null);
        harness.Write(new MeterReadings(seed), Readings);
        await harness.StartAsync();
        await harness.ScoredAsync(Readings - Warming);
        await harness.StopAsync();
        return harness;
    }

    private async Task<DaemonHarness> Create(string? modelFolder)
    {
        var harness = await DaemonHarness.CreateAsync(brokers.Broker, modelFolder: modelFolder);
        harness.Detector.Model = new ConvolutionalAutoencoderOptions { Window = Window, Hidden = [8] };
        harness.Detector.Fit.MaxSteps = 60;
        harness.Detector.Threshold.Quantile = 0.5;
        return harness;
    }
}

using AEAnomaly.Models.Variants;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Variants that read windows of one key, on a real daemon.</summary>
[Collection(RealBrokerFixture.Collection)]
public sealed class SequenceTests(RealBrokerFixture brokers)
{
    // Of 40 meters, chosen by chance.
    private const int Window = 3;

    public static TheoryData<string> Variants =>
        [.. VariantCatalog.All.Where(variant => variant.OptionsType.IsSubclassOf(typeof(SequenceOptions))).Select(variant => variant.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Run_WindowsOfOneKey_TrainsThenScoresAndAlertsOnFaultyLastRecords(string variant)
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Of(BrokerKind.Embedded));
        var options = (SequenceOptions)VariantCatalog.CreateOptions(variant);
        (options.Window, options.Hidden) = (Window, [32]);
        harness.Detector.Model = options;
        var readings = new MeterReadings(61);
        harness.Write(readings, DaemonHarness.TrainingRecords + 300);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 300 - (40 * (Window - 1)));

        harness.Write(readings, 0, faulty: 3);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 303 - (40 * (Window - 1)));

        var alerts = harness.ReadAlerts(Enumerable.Range(DaemonHarness.TrainingRecords + 300, 3));
        Assert.Contains(alerts, alert => DaemonHarness.SequenceOf(alert) == DaemonHarness.TrainingRecords + 302);
        Assert.Equal(40 * (Window - 1), (long)harness.Daemon.Metrics.Total("aeanomaly_records_warming"));
    }
}

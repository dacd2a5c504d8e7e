using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Every variant that judges single records, by its name on a real daemon.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class RecordVariantTests(BrokerFixture brokers)
{
    private const int Faulty = 5;

    public static TheoryData<string> Variants =>
        [.. VariantCatalog.All.Where(variant => !variant.OptionsType.IsSubclassOf(typeof(SequenceOptions))).Select(variant => variant.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Run_RecordsWhosePartsDoNotFit_TrainsThenAlerts(string variant)
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        var options = VariantCatalog.CreateOptions(variant);
        if (options is CrossDomainOptions crossed)
            crossed.FirstFields = ["power"];
        harness.Detector.Model = options;
        var readings = new MeterReadings(71);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);

        harness.Write(readings, 0, faulty: Faulty);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + Faulty);

        var wanted = Enumerable.Range(DaemonHarness.TrainingRecords, Faulty).ToArray();
        var alerts = harness.ReadAlerts(wanted).Select(DaemonHarness.SequenceOf).ToHashSet();
        Assert.Superset(wanted.ToHashSet(), alerts);
    }
}

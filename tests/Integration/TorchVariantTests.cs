using AEAnomaly.Detection.Configuration;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Every variant trained with libtorch by a daemon that then scores with it.</summary>
public sealed class TorchVariantTests
{
    // Enough to have stepped through every phase; how well networks learn is tested elsewhere.
    internal const int Steps = 20;

    public static TheoryData<string> Variants => [.. VariantCatalog.All.Select(variant => variant.Name)];

    [TorchTheory]
    [MemberData(nameof(Variants))]
    public async Task Run_DeviceTorch_ScoresWithAVersionTrainedOnIt(string variant)
    {
        // A cluster of its own, so that this sweep runs beside the tests that share one.
        await using var broker = new EmbeddedBroker();
        await using var harness = await DaemonHarness.CreateAsync(broker);
        var options = VariantCatalog.CreateOptions(variant);
        if (options is CrossDomainOptions crossed)
            crossed.FirstFields = ["power"];
        harness.Detector.Model = options;
        harness.Detector.Fit.MaxSteps = Steps;
        harness.Detector.Training.Device = TrainingDevice.Torch;
        harness.Write(new MeterReadings(81), DaemonHarness.TrainingRecords);

        await harness.StartAsync();
        var warming = 40 * (SequenceOptions.WindowOf(options) - 1);
        // The process that trains has the lowest priority: beside other tests it may wait long for a processor.
        await harness.ScoredAsync(DaemonHarness.TrainingRecords - warming, 4 * DaemonHarness.Bound);

        var (_, ready) = await harness.GetAsync("/health/ready");
        Assert.Equal("torch", Assert.Single(ready.GetProperty("detectors").EnumerateArray()).GetProperty("trained_on").GetString());
        using var client = new HttpClient();
        var metrics = await client.GetStringAsync(new Uri(harness.Address + "/metrics"));
        Assert.Contains("device=\"torch\"", metrics.Split('\n').Single(line => line.StartsWith("aeanomaly_model_info{", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("aeanomaly_training_fallbacks_total{detector=\"meters\"} 0\n", metrics, StringComparison.Ordinal);
    }
}

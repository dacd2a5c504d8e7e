using AEAnomaly.Detection.Configuration;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Training with libtorch in a process of its own, started by the daemon.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class TorchTrainingTests(BrokerFixture brokers)
{
    // A retraining leaves out what the champion flags, and refuses to learn from fewer records than the first training took.
    private const int WithSomeToSpare = DaemonHarness.TrainingRecords + 300;

    [TorchFact]
    public async Task Retrain_TrainingProcessIsKilled_ChampionScoresOnAndTheReasonIsTold()
    {
        await using var harness = await ScoringNativelyThenOnTorchAsync(harness => harness.Detector.Training.Fallback = TrainingFallback.None);
        var champion = harness.Status.ModelVersion;

        await harness.PostAsync("/api/detectors/meters/retrain");
        await TrainingProcess.KillAsync(harness);

        await harness.SaysAsync("the last retraining gave none: The training process on torch was killed (signal 9)");
        Assert.Equal((champion, "native", false), (harness.Status.ModelVersion, harness.Status.TrainedOn, harness.Status.Retraining));
        harness.Write(new MeterReadings(83), 50);
        await harness.ScoredAsync(WithSomeToSpare + 50);
    }

    [TorchFact]
    public async Task Retrain_TrainingProcessIsKilledAndFallbackIsNative_TrainsNativelyAndCountsIt()
    {
        await using var harness = await ScoringNativelyThenOnTorchAsync(harness => harness.Detector.Training.Fallback = TrainingFallback.Native);
        var champion = harness.Status.ModelVersion;

        await harness.PostAsync("/api/detectors/meters/retrain");
        await TrainingProcess.KillAsync(harness);
        // The native engine would go on as long as the process was meant to; what matters is that it began.
        await Eventually.TrueAsync(
            () => harness.Daemon.Metrics.Total("aeanomaly_training_fallbacks") == 1, DaemonHarness.Bound, "the native engine stands in", () => harness.Log);

        Assert.Contains("trains with the native engine instead of the device asked for: The training process on torch was killed (signal 9)", harness.Log, StringComparison.Ordinal);
        Assert.Equal((champion, true), (harness.Status.ModelVersion, harness.Status.Retraining));
    }

    [TorchFact]
    public async Task Retrain_BeyondTheDeadline_KillsTheProcessAndChampionScoresOn()
    {
        await using var harness = await ScoringNativelyThenOnTorchAsync(harness => harness.Detector.Training.Deadline = TimeSpan.FromSeconds(5));
        var champion = harness.Status.ModelVersion;

        await harness.PostAsync("/api/detectors/meters/retrain");
        var process = await TrainingProcess.FindAsync(harness);

        await harness.SaysAsync("The training was given up after 5 s (training.deadline)");
        Assert.Equal(champion, harness.Status.ModelVersion);
        await Eventually.TrueAsync(() => !TrainingProcess.Runs(process), DaemonHarness.Bound, "the training process is gone");
    }

    [TorchFact]
    public async Task Stop_WhileTheTrainingProcessWorks_EndsIt()
    {
        await using var harness = await ScoringNativelyThenOnTorchAsync(_ => { });
        await harness.PostAsync("/api/detectors/meters/retrain");
        var process = await TrainingProcess.FindAsync(harness);

        await harness.StopAsync();

        await Eventually.TrueAsync(() => !TrainingProcess.Runs(process), DaemonHarness.Bound, "the training process is gone");
    }

    // A champion of the native engine, then a fit on torch that would take hours.
    private async Task<DaemonHarness> ScoringNativelyThenOnTorchAsync(Action<DaemonHarness> configure)
    {
        var harness = await DaemonHarness.CreateAsync(brokers.Of(BrokerKind.Embedded));
        harness.Write(new MeterReadings(82), WithSomeToSpare);
        await harness.StartAsync();
        await harness.ScoredAsync(WithSomeToSpare);
        await harness.StopAsync();
        harness.Detector.Training.Device = TrainingDevice.Torch;
        (harness.Detector.Fit.MaxSteps, harness.Detector.Fit.Patience) = (TrainingProcess.Steps, 1_000);
        configure(harness);
        await harness.StartAsync();
        await Eventually.TrueAsync(() => harness.Status.ModelVersion is not null, DaemonHarness.Bound, "the champion is loaded", () => $"{harness.Status}");
        return harness;
    }
}

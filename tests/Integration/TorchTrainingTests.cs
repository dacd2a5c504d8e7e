using System.Globalization;
using System.Text.Json;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Training with libtorch in a process of its own: every variant, through the command line and in the daemon.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class TorchTrainingTests(BrokerFixture brokers)
{
    // Enough to have stepped through every phase; how well networks learn is tested elsewhere.
    private const int Steps = 20;

    // A retraining leaves out what the champion flags, and refuses to learn from fewer records than the first training took.
    private const int WithSomeToSpare = DaemonHarness.TrainingRecords + 300;

    public static TheoryData<string> Variants => [.. VariantCatalog.All.Select(variant => variant.Name)];

    [TorchTheory]
    [MemberData(nameof(Variants))]
    public async Task Train_DeviceTorch_StoresAVersionThatScores(string variant)
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("readings.csv", Readings(400));
        var config = folder.Write(
            "readings.yaml",
            $$"""
            kafka: { bootstrap_servers: "localhost:9092" }
            models: { directory: "{{folder["models"]}}" }
            detectors:
              - name: readings
                topics: [readings]
                fields:
                  - { name: meter, kind: key }
                  - { name: current, kind: numeric }
                  - { name: power, kind: numeric }
                  - { name: mode, kind: categorical }
                fit: { max_steps: {{Steps}} }
                model: { variant: {{variant}}{{(variant == "cross-domain" ? ", first_fields: [power]" : "")}} }
            """);

        var train = await CommandRun.Of("train", "--config", config, "--data", data, "--device", "torch", "--output", "json");
        Assert.True(train.ExitCode == 0, train.Error);
        Assert.Equal("torch", JsonSerializer.Deserialize<JsonElement>(train.Output).GetProperty("device").GetString());
        var score = await CommandRun.Of("score", "--config", config, "--data", data);

        Assert.True(score.ExitCode == 0, score.Error);
        var verdicts = score.OutputLines.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("verdict").GetString()).ToArray();
        Assert.Equal(400, verdicts.Length);
        Assert.Contains("normal", verdicts);
    }

    [TorchTheory]
    [MemberData(nameof(Variants))]
    public async Task Run_DeviceTorch_ScoresWithAVersionTrainedOnIt(string variant)
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Of(BrokerKind.Embedded));
        var options = VariantCatalog.CreateOptions(variant);
        if (options is CrossDomainOptions crossed)
            crossed.FirstFields = ["power"];
        harness.Detector.Model = options;
        harness.Detector.Fit.MaxSteps = Steps;
        harness.Detector.Training.Device = TrainingDevice.Torch;
        harness.Write(new MeterReadings(81), DaemonHarness.TrainingRecords);

        await harness.StartAsync();
        var warming = 40 * (SequenceOptions.WindowOf(options) - 1);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords - warming);

        var (_, ready) = await harness.GetAsync("/health/ready");
        Assert.Equal("torch", Assert.Single(ready.GetProperty("detectors").EnumerateArray()).GetProperty("trained_on").GetString());
        using var client = new HttpClient();
        var metrics = await client.GetStringAsync(new Uri(harness.Address + "/metrics"));
        Assert.Contains("device=\"torch\"", metrics.Split('\n').Single(line => line.StartsWith("aeanomaly_model_info{", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("aeanomaly_training_fallbacks_total{detector=\"meters\"} 0\n", metrics, StringComparison.Ordinal);
    }

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
        (harness.Detector.Fit.MaxSteps, harness.Detector.Fit.Patience) = (1_000_000, 1_000);
        configure(harness);
        await harness.StartAsync();
        await Eventually.TrueAsync(() => harness.Status.ModelVersion is not null, DaemonHarness.Bound, "the champion is loaded", () => $"{harness.Status}");
        return harness;
    }

    private static string Readings(int rows)
    {
        var random = new Random(80);
        var text = new System.Text.StringBuilder("meter,current,power,mode\n");
        for (var i = 0; i < rows; i++)
        {
            var current = 8 + (random.NextDouble() * 4);
            text.Append(CultureInfo.InvariantCulture, $"m{i % 4},{current:F3},{current * 230 * (1 + (0.01 * random.NextDouble())):F1},{(random.Next(3) == 0 ? "eco" : "normal")}\n");
        }

        return text.ToString();
    }
}

using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>A disk that is full, a folder that cannot be written, a model file that somebody altered: what scores goes on scoring, and the reason is said.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class ModelFolderTests(BrokerFixture brokers)
{
    [RequiresMountFact]
    public async Task Retrain_DiskFull_KeepsScoringSaysSoAndRetrainsOnceThereIsRoom()
    {
        using var folder = MountedFolder.OfSize("4m");
        var filler = "";
        await RetrainInVainThenWell(folder, () => filler = folder.Fill(), () => File.Delete(filler), "No space left on device");
    }

    [RequiresMountFact]
    public async Task Retrain_FolderReadOnly_KeepsScoringSaysSoAndRetrainsOnceItIsWritable()
    {
        using var folder = MountedFolder.OfSize("4m");
        await RetrainInVainThenWell(folder, () => folder.Remount("ro"), () => folder.Remount("rw"), "Read-only file system");
    }

    [RequiresMountFact]
    public async Task FirstTraining_FolderReadOnly_SaysSoTriesAgainAndScoresEveryRecord()
    {
        using var folder = MountedFolder.OfSize("4m");
        folder.Remount("ro");
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker, modelFolder: folder.Path);
        harness.Write(new MeterReadings(41), DaemonHarness.TrainingRecords, faulty: 2);
        await harness.StartAsync();

        await harness.SaysAsync("the first training failed: ");
        Assert.Contains("cannot be stored: ", harness.Status.Reason, StringComparison.Ordinal);
        Assert.Contains("Check that the folder is writable and the disk has room. Next attempt in 10 s", harness.Status.Reason, StringComparison.Ordinal);
        Assert.Equal(0, harness.Scored);
        Assert.Null(harness.Daemon.Failure);

        folder.Remount("rw");
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 2);
    }

    [Fact]
    public async Task Start_WeightsAltered_RefusesThemSaysWhyTrainsAnewAndMissesNothing()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        var readings = new MeterReadings(42);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        var first = harness.Status.ModelVersion!;
        await harness.StopAsync();

        var weights = Path.Combine(harness.ModelFolder, "meters", first, "weights.safetensors");
        var bytes = await File.ReadAllBytesAsync(weights);
        bytes[^5] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes);
        harness.Write(readings, 100);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 100);
        // Not before: the new version learns from what the topic holds when it begins.
        harness.Write(readings, 0, faulty: 2);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 102);

        Assert.NotEqual(first, harness.Status.ModelVersion);
        var line = Assert.Single(harness.Log.Split('\n'), l => l.Contains("cannot use a stored version and passes it over", StringComparison.Ordinal));
        Assert.Contains(weights, line, StringComparison.Ordinal);
        Assert.Contains("SHA-256", line, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(DaemonHarness.TrainingRecords + 102, harness.Scored);
        var faulty = harness.ReadAlerts(Enumerable.Range(DaemonHarness.TrainingRecords + 100, 2)).Where(a => DaemonHarness.SequenceOf(a) >= DaemonHarness.TrainingRecords + 100);
        Assert.All(faulty, a => Assert.Equal(harness.Status.ModelVersion, a.GetProperty("model").GetProperty("version").GetString()));
        // What was refused is kept, so that somebody can look into it.
        Assert.True(File.Exists(weights));
    }

    private async Task RetrainInVainThenWell(MountedFolder folder, Action hinder, Action mend, string reason)
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker, modelFolder: folder.Path);
        var readings = new MeterReadings(43);
        harness.Write(readings, DaemonHarness.TrainingRecords + 100);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 100);
        var champion = harness.Status.ModelVersion;

        hinder();
        await harness.PostAsync("/api/detectors/meters/retrain");
        await harness.SaysAsync($"scoring with version {champion}; the last retraining gave none: ");
        Assert.Contains(reason, harness.Status.Reason, StringComparison.Ordinal);
        Assert.Contains("Nothing changed. Check that the folder is writable and the disk has room.", harness.Status.Reason, StringComparison.Ordinal);
        Assert.Contains($"could not retrain (request); version {champion} goes on scoring", harness.Log, StringComparison.Ordinal);
        harness.Write(readings, 50, faulty: 2);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 152);
        var alerts = harness.ReadAlerts(Enumerable.Range(DaemonHarness.TrainingRecords + 150, 2));
        Assert.All(alerts, a => Assert.Equal(champion, a.GetProperty("model").GetProperty("version").GetString()));

        mend();
        await harness.PostAsync("/api/detectors/meters/retrain");
        await Eventually.TrueAsync(
            () => harness.Status.ModelVersion != champion, DaemonHarness.Bound, "another version scores", () => $"{harness.Status}, log:\n{harness.Log}");
    }
}

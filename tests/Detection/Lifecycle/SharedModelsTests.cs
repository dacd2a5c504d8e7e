using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Replicas;
using AEAnomaly.Detection.Tests.Training;

namespace AEAnomaly.Detection.Tests.Lifecycle;

/// <summary>Several processes that keep a detector's models in one folder train by turns, and all score with what one of them stored.</summary>
public sealed class SharedModelsTests
{
    private const string Shared = "replicas";

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task RunAsync_AnotherTrainsTheFirstVersion_WaitsSaysSoAndTakesItOver()
    {
        await using var harness = new DetectorHarness(past: PaymentRecords.Normal(1_200), sharedIn: Shared);
        var other = Another(harness, harness.Time).TryTake("bootstrap").Lease!;
        var since = harness.Time.GetUtcNow();

        harness.Start();
        await harness.UntilAsync(() => harness.Detector.Status.State == DetectorState.Training, "it waits");
        Assert.Equal(
            $"another process (pod-1, process {Environment.ProcessId}) trains the first version since {since:yyyy-MM-dd'T'HH:mm:ss'Z'}; it is taken over when it is stored", harness.Detector.Status.Reason);
        Assert.False(harness.Detector.IsReady);

        var version = Store(harness, TimeSpan.Zero);
        other.Dispose();
        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.IsReady, "it takes it over");

        Assert.Equal((version, DetectorState.Scoring, $"scoring with version {version}"), (harness.Detector.Status.ModelVersion, harness.Detector.Status.State, harness.Detector.Status.Reason));
        Assert.Equal(0, harness.History.Reads);
    }

    [Fact]
    public async Task RunAsync_AnotherDiedInTheFirstTraining_TrainsAfterTheSilence()
    {
        await using var harness = new DetectorHarness(past: PaymentRecords.Normal(1_200), sharedIn: Shared);
        using var dead = Another(harness, new WatchedTimeProvider(harness.Time.GetUtcNow())).TryTake("bootstrap").Lease!;
        harness.Start();
        await harness.UntilAsync(() => harness.Detector.Status.Reason.Contains("pod-1", StringComparison.Ordinal), "it waits");
        var waited = harness.Time.GetTimestamp();

        await harness.AdvanceUntilAsync(Moment, () => harness.History.Reads > 0, "it trains");
        Assert.InRange(harness.Time.GetElapsedTime(waited), ReplicaFolder.Silence, ReplicaFolder.Silence + TimeSpan.FromSeconds(10));
        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.IsReady, "it has trained");

        Assert.Equal("bootstrap", Assert.Single(harness.Store.List("payments")).Manifest!.Trigger);
    }

    [Fact]
    public async Task RunAsync_TwoStartTogether_OneTrainsAndBothScoreWithItsVersion()
    {
        await using var one = new DetectorHarness(past: PaymentRecords.Normal(1_200), sharedIn: Shared);
        await using var two = new DetectorHarness(past: PaymentRecords.Normal(1_200), folder: one.Folder, sharedIn: Shared);

        one.Start();
        two.Start();
        await one.AdvanceUntilAsync(Moment, () => { two.Time.Advance(Moment); return one.Detector.IsReady && two.Detector.IsReady; }, "both score");

        Assert.Equal(Assert.Single(one.Store.List("payments")).Version, one.Detector.Status.ModelVersion);
        Assert.Equal(one.Detector.Status.ModelVersion, two.Detector.Status.ModelVersion);
        Assert.Equal(1, one.History.Reads + two.History.Reads);
        await one.AdvanceUntilAsync(Moment, () => { two.Time.Advance(Moment); return one.Detector.SharesModels && two.Detector.SharesModels; }, "they know of each other");
    }

    [Fact]
    public async Task RunAsync_TurnLostWhileItReads_StoresNothingAndTakesOverWhatTheOtherStored()
    {
        await using var harness = new DetectorHarness(past: PaymentRecords.Normal(1_200), sharedIn: Shared);
        harness.History.OnRead = () => File.WriteAllText(harness.Folder[Shared, "training.2"], "{}");

        harness.Start();
        await harness.UntilAsync(() => harness.Detector.Status.State == DetectorState.Failed, "it gives up");
        Assert.StartsWith("the first training failed: another process (whose lease cannot be read) has taken over the training", harness.Detector.Status.Reason, StringComparison.Ordinal);
        Assert.Empty(harness.Store.List("payments"));

        var version = Store(harness, TimeSpan.Zero);
        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.IsReady, "it takes it over");
        Assert.Equal(version, harness.Detector.Status.ModelVersion);
    }

    [Fact]
    public async Task RunAsync_FolderThatCannotBeWritten_TrainsAsIfItWereAlone()
    {
        await using var harness = new DetectorHarness(past: PaymentRecords.Normal(1_200), sharedIn: Shared);
        harness.Folder.Write(Shared, "in the way");

        await harness.StartedAsync();

        Assert.Single(harness.Store.List("payments"));
        Assert.False(harness.Detector.SharesModels);
    }

    [Fact]
    public async Task RunAsync_AnotherStoresAVersionAndGoesBack_IsFollowedBetweenTwoBatches()
    {
        await using var harness = await DetectorHarness.WithModel(sharedIn: Shared).StartedAsync();
        var first = harness.Detector.Status.ModelVersion!;
        harness.Detector.Process(Anomaly(), harness.Sink);

        var second = Store(harness, TimeSpan.FromHours(1));
        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.Status.ModelVersion == second, "it follows");
        harness.Detector.Process(Anomaly(), harness.Sink);
        new DirectoryModelStore(harness.Folder.Path).Rollback("payments", first);
        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.Status.ModelVersion == first, "it goes back");
        harness.Detector.Process(Anomaly(), harness.Sink);

        Assert.Equal([first, second, first], harness.Sink.Bodies.Select(body => (string)body["model"]!["version"]!));
        Assert.Equal(0, harness.History.Reads);
    }

    [Fact]
    public async Task RunAsync_AnotherStoresAVersionThatIsDamaged_KeepsItsOwnSaysSoAndTakesItOnceItIsMended()
    {
        await using var harness = await DetectorHarness.WithModel(sharedIn: Shared).StartedAsync();
        var first = harness.Detector.Status.ModelVersion!;
        var second = Store(harness, TimeSpan.FromHours(1));
        var weights = harness.Folder["payments", second, "weights.safetensors"];
        var whole = await File.ReadAllBytesAsync(weights);
        await File.WriteAllBytesAsync(weights, whole[..^4]);

        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.Status.Reason.Contains("in place of the current one, which cannot be used: ", StringComparison.Ordinal), "it says so");
        Assert.StartsWith($"scoring with version {first}, ", harness.Detector.Status.Reason, StringComparison.Ordinal);
        Assert.Contains(weights, harness.Detector.Status.Reason, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(weights, whole);
        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.Status.ModelVersion == second, "it takes it");
        Assert.Equal($"scoring with version {second}", harness.Detector.Status.Reason);
    }

    [Fact]
    public async Task RunAsync_AnotherDeclaresOtherFieldsAndStores_KeepsItsOwnUntilTheyFitAgain()
    {
        await using var harness = await DetectorHarness.WithModel(sharedIn: Shared).StartedAsync();
        var first = harness.Detector.Status.ModelVersion!;
        StoreForOtherFields(harness);

        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.Status.Reason.Contains("was trained for the fields with hash aaaaaaaaaaaa", StringComparison.Ordinal), "it says so");
        Assert.Equal((first, DetectorState.Scoring), (harness.Detector.Status.ModelVersion, harness.Detector.Status.State));

        new DirectoryModelStore(harness.Folder.Path).Rollback("payments", first);
        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.Status.Reason == $"scoring with version {first}", "all is well");
    }

    [Fact]
    public async Task RequestRetraining_AnotherTrains_WaitsAndTakesOverWhatItStores()
    {
        await using var harness = await DetectorHarness.WithModel(past: PaymentRecords.Normal(1_500), sharedIn: Shared).StartedAsync();
        harness.Meters.Listen();
        var other = Another(harness, harness.Time).TryTake("schedule").Lease!;

        Assert.True(harness.Detector.RequestRetraining("request"));
        await harness.UntilAsync(() => harness.Detector.Status.Reason.Contains("; another process (pod-1, ", StringComparison.Ordinal), "it waits");
        Assert.False(harness.Detector.Status.Retraining);
        Assert.False(harness.Detector.RequestRetraining("request"));
        var version = Store(harness, TimeSpan.FromHours(1));
        other.Dispose();
        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.Status.Reason == $"scoring with version {version}", "it takes it over");

        Assert.Equal(0, harness.History.Reads);
        Assert.DoesNotContain(harness.Meters.Read(), measured => measured.Key.StartsWith("aeanomaly.trainings{", StringComparison.Ordinal) && measured.Value > 0);
        await harness.UntilAsync(() => harness.Detector.RequestRetraining("request"), "it takes another request");
        await harness.UntilAsync(() => harness.Detector.Status is { Retraining: false } status && status.ModelVersion != version, "that one it does itself");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RequestRetraining_AnotherTrainsInVainOrForOtherFields_TrainsThen(bool otherFields)
    {
        await using var harness = await DetectorHarness.WithModel(past: PaymentRecords.Normal(1_500), sharedIn: Shared).StartedAsync();
        var first = harness.Detector.Status.ModelVersion;
        var other = Another(harness, harness.Time).TryTake("schedule").Lease!;
        Assert.True(harness.Detector.RequestRetraining("request"));
        await harness.UntilAsync(() => harness.Detector.Status.Reason.Contains("pod-1", StringComparison.Ordinal), "it waits");

        if (otherFields)
            StoreForOtherFields(harness);
        other.Dispose();
        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.Status is { Retraining: false } status && status.ModelVersion != first, "it trains");

        Assert.Equal("request", harness.Detector.Manifest!.Trigger);
    }

    [Fact]
    public async Task RunAsync_ScheduleDueAndAnotherHasTrained_CountsFromItsVersion()
    {
        await using var harness = await DetectorHarness.WithModel(Daily(), PaymentRecords.Normal(1_500), Shared).StartedAsync();
        await harness.UntilAsync(() => harness.Time.Timers > 2, "it waits for the schedule");
        harness.Time.Advance(TimeSpan.FromHours(23));
        var second = Store(harness, TimeSpan.Zero);
        await harness.AdvanceUntilAsync(Moment, () => harness.Detector.Status.ModelVersion == second, "it follows");

        harness.Time.Advance(TimeSpan.FromHours(1));
        Assert.True(await DoesNotTrainAsync(harness), "a day since the first version is none since the second");
        harness.Time.Advance(TimeSpan.FromHours(21));
        Assert.True(await DoesNotTrainAsync(harness), "22 hours are no day");
        harness.Time.Advance(TimeSpan.FromHours(2));
        await harness.UntilAsync(() => harness.Detector.Status is { Retraining: false } status && status.ModelVersion != second, "then it trains");
        Assert.Equal("schedule", harness.Detector.Manifest!.Trigger);
    }

    [Fact]
    public async Task RunAsync_ScheduleDueAndAnotherHasJustTriedInVain_DoesNotTryAgain()
    {
        await using var harness = await DetectorHarness.WithModel(Daily(), PaymentRecords.Normal(1_500), Shared).StartedAsync();
        await harness.UntilAsync(() => harness.Time.Timers > 2, "it waits for the schedule");
        harness.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        Another(harness, harness.Time).TryTake("schedule").Lease!.Dispose();

        harness.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await DoesNotTrainAsync(harness), "what one does not learn, the others do not");
        harness.Time.Advance(TimeSpan.FromHours(24));
        await harness.UntilAsync(() => harness.History.Reads > 0, "the next day it tries");
    }

    // Some rounds of whoever waits for a turn, for a version, or for the schedule.
    private static async Task<bool> DoesNotTrainAsync(DetectorHarness harness)
    {
        var rounds = 0;
        await harness.AdvanceUntilAsync(Moment, () => ++rounds > 20, "some time passes");
        return harness.History.Reads == 0;
    }

    private static DetectorOptions Daily()
    {
        var options = PaymentRecords.Options();
        options.Training.Every = TimeSpan.FromHours(24);
        return options;
    }

    private static RecordBatch Anomaly()
    {
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        PaymentRecords.AddAnomaly(batch, 0);
        return batch;
    }

    private static ReplicaFolder Another(DetectorHarness harness, TimeProvider time) => new(harness.Folder[Shared], "pod-1", time);

    private static string Store(DetectorHarness harness, TimeSpan later) =>
        new DirectoryModelStore(harness.Folder.Path).Save(TrainedPayments.Manifest("schedule", harness.Time.GetUtcNow() + later), TrainedPayments.Model.Model).Version;

    private static void StoreForOtherFields(DetectorHarness harness) => new DirectoryModelStore(harness.Folder.Path).Save(
        TrainedPayments.Manifest("bootstrap", harness.Time.GetUtcNow().AddHours(1)) with { SpecHash = new string('a', 64) }, TrainedPayments.Model.Model);
}

using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Detection.Tests.Lifecycle;

public sealed class DetectorTests
{
    [Fact]
    public async Task RunAsync_TooFewRecords_WaitsAndSaysHowMany()
    {
        await using var harness = new DetectorHarness(past: PaymentRecords.Normal(400));

        harness.Start();
        await harness.UntilAsync(() => harness.Detector.Status.Reason == "waiting for 1,000 records, 400 so far", "it waits");

        Assert.Equal(DetectorState.Warming, harness.Detector.Status.State);
        Assert.Equal(0.4, harness.Detector.Status.Progress);
        Assert.False(harness.Detector.IsReady);
        Assert.Throws<InvalidOperationException>(() => harness.Detector.Process(PaymentRecords.Normal(1), harness.Sink));

        harness.History.Replace(PaymentRecords.Normal(700));
        await harness.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => harness.Detector.Status.Reason.Contains("700 so far", StringComparison.Ordinal), "it counts again");
        Assert.NotNull(harness.Detector.Status.Remaining);

        harness.History.Replace(PaymentRecords.Normal(1_200));
        await harness.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => harness.Detector.IsReady, "it trains");
        Assert.Equal(DetectorState.Scoring, harness.Detector.Status.State);
        var stored = Assert.Single(harness.Store.List("payments"));
        Assert.Equal((stored.Version, "bootstrap", 1_200), (harness.Detector.Status.ModelVersion, stored.Manifest!.Trigger, stored.Manifest.WindowRecords));
    }

    [Fact]
    public async Task RunAsync_BadRecordsInTheWindow_DoNotCount()
    {
        await using var harness = new DetectorHarness(past: PaymentRecords.Normal(900));
        harness.History.BadRecords = 300;

        harness.Start();
        await harness.UntilAsync(() => harness.Detector.Status.Reason == "waiting for 1,000 records, 900 so far", "it waits");

        Assert.False(harness.Detector.IsReady);
    }

    [Fact]
    public async Task RunAsync_EveryRecordOlderThanTheWindow_LearnsTheFirstModelFromThem()
    {
        await using var harness = new DetectorHarness(past: PaymentRecords.Normal(1_100));
        harness.History.IsOld = true;

        await harness.StartedAsync();

        Assert.NotNull(harness.Detector.Options.Training.Window);
        Assert.Equal(1_100, Assert.Single(harness.Store.List("payments")).Manifest!.WindowRecords);
    }

    [Fact]
    public async Task RunAsync_HistoryUnreadable_SaysSoAndTriesAgain()
    {
        await using var harness = new DetectorHarness(past: PaymentRecords.Normal(1_000));
        harness.History.Failure = new IOException("broker down");

        harness.Start();
        await harness.UntilAsync(() => harness.Detector.Status.Reason.StartsWith("the history cannot be read: broker down", StringComparison.Ordinal), "it says so");
        harness.History.Failure = null;
        await harness.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => harness.Detector.IsReady, "it trains");
    }

    [Fact]
    public async Task RunAsync_StoredVersion_IsLoadedWithoutTraining()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();

        Assert.Equal(0, harness.History.Reads);
        Assert.Equal(TrainedPayments.Model.Threshold.Value, harness.Detector.Manifest!.Threshold.Value);
    }

    [Fact]
    public async Task RunAsync_StoredVersionOfOtherFields_TrainsANewOneAndSaysSo()
    {
        var options = PaymentRecords.Options();
        options.Fields = [.. PaymentRecords.Fields().Select(field => field.Name == "amount" ? field with { Scaling = NumericScaling.Robust } : field)];
        await using var harness = DetectorHarness.WithModel(options, PaymentRecords.Normal(10));
        var former = harness.Store.List("payments")[0].Version;

        harness.Start();
        await harness.UntilAsync(() => harness.Detector.Status.Reason.Contains("was trained for the fields with hash", StringComparison.Ordinal), "it says why");
        harness.History.Replace(PaymentRecords.Normal(1_000));
        await harness.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => harness.Detector.IsReady, "it trains");

        Assert.NotEqual(former, harness.Detector.Status.ModelVersion);
        Assert.Equal(harness.Detector.Spec.Hash, harness.Detector.Manifest!.SpecHash);
    }

    [Fact]
    public async Task RunAsync_FirstTrainingFails_TriesAgainLater()
    {
        var options = PaymentRecords.Options();
        await using var harness = new DetectorHarness(options, ConstantRecords(1_000));
        harness.Meters.Listen();

        harness.Start();
        await harness.UntilAsync(() => harness.Detector.Status.State == DetectorState.Failed, "it fails");
        Assert.Contains("No field carries information", harness.Detector.Status.Reason, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(10), harness.Detector.Status.Remaining);

        harness.History.Replace(PaymentRecords.Normal(1_000));
        await harness.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => harness.Detector.IsReady, "it trains");
        var measured = harness.Meters.Read();
        Assert.Equal(1, measured["aeanomaly.trainings{detector=payments,outcome=failed,trigger=bootstrap}"]);
        Assert.Equal(1, measured["aeanomaly.trainings{detector=payments,outcome=promoted,trigger=bootstrap}"]);
    }

    [Fact]
    public async Task RequestRetraining_Scoring_SwapsAndLeavesFlaggedRecordsOut()
    {
        var past = PaymentRecords.Normal(2_000, seed: 81);
        for (var i = 0; i < 60; i++)
            PaymentRecords.AddAnomaly(past, 2_000 + i);
        await using var harness = await DetectorHarness.WithModel(past: past).StartedAsync();
        var former = harness.Detector.Status.ModelVersion;
        harness.Time.Advance(TimeSpan.FromHours(1));

        Assert.True(harness.Detector.RequestRetraining("request"));
        await harness.UntilAsync(() => harness.Detector.Status is { Retraining: false } status && status.ModelVersion != former, "it swaps");

        var manifest = harness.Detector.Manifest!;
        Assert.Equal("request", manifest.Trigger);
        Assert.InRange(manifest.ExcludedRecords, 60, 100);
        Assert.Equal(2_060, manifest.WindowRecords + manifest.ExcludedRecords);
        Assert.Equal([manifest.Version, former!], harness.Store.List("payments").Select(version => version.Version));
        harness.Detector.Process(Anomaly(), harness.Sink);
        Assert.Equal(manifest.Version, (string)harness.Sink.Bodies[0]["model"]!["version"]!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_TrainingEnded_GivesItsWindowBack(bool isFirst)
    {
        await using var harness = isFirst ? new DetectorHarness(past: PaymentRecords.Normal(2_000)) : DetectorHarness.WithModel(past: PaymentRecords.Normal(2_000));
        await harness.StartedAsync();
        if (!isFirst)
            Assert.True(harness.Detector.RequestRetraining("request"));

        // Nothing here collects; whoever trained does, once.
        await harness.UntilAsync(() => harness.History.LastWindow is { } window && !window.TryGetTarget(out _), "nobody holds the window any more");
    }

    [Fact]
    public async Task RequestRetraining_OneWaiting_SecondIsRefused()
    {
        await using var harness = DetectorHarness.WithModel(past: PaymentRecords.Normal(1_500, seed: 82));
        Assert.False(harness.Detector.RequestRetraining("request"));
        await harness.StartedAsync();
        var former = harness.Detector.Status.ModelVersion;

        var first = harness.Detector.RequestRetraining("request");
        var second = harness.Detector.RequestRetraining("request");
        await harness.UntilAsync(() => harness.Detector.Status is { Retraining: false } status && status.ModelVersion != former, "it swaps");

        Assert.Equal((true, false), (first, second));
        Assert.Equal(2, harness.Store.List("payments").Count);
    }

    [Theory]
    [InlineData(3 * 365)]
    [InlineData(1)]
    public async Task RunAsync_VersionDatedInTheFuture_SaysSoAndSchedulesFromNow(int days)
    {
        var options = PaymentRecords.Options();
        options.Training.Every = TimeSpan.FromHours(6);
        await using var harness = new DetectorHarness(options, PaymentRecords.Normal(2_000));
        harness.Store.Save(TrainedPayments.Manifest("command", harness.Time.GetUtcNow().AddDays(days)), TrainedPayments.Model.Model);
        await harness.StartedAsync();
        var first = harness.Detector.Status.ModelVersion!;
        await harness.UntilAsync(() => harness.Detector.Status.Reason.Contains($"versions dated later than this process's clock (2026-", StringComparison.Ordinal), "the status says so");
        Assert.Contains(first, harness.Detector.Status.Reason, StringComparison.Ordinal);
        Assert.Null(harness.Detector.ModelAge);

        await harness.UntilAsync(() => harness.Time.Timers > 0, "it waits for the schedule");
        harness.Time.Advance(TimeSpan.FromMinutes(359));
        Assert.Equal(0, harness.History.Reads);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        await harness.UntilAsync(() => harness.Detector.Status is { Retraining: false } status && status.ModelVersion != first, "it retrains");

        Assert.Equal(("schedule", harness.Time.GetUtcNow()), (harness.Detector.Manifest!.Trigger, harness.Detector.Manifest.CreatedAt));
    }

    [Fact]
    public async Task RunAsync_VersionStoredAfterOneDatedInTheFuture_SchedulesFromIt()
    {
        var options = PaymentRecords.Options();
        options.Training.Every = TimeSpan.FromHours(6);
        await using var harness = new DetectorHarness(options, PaymentRecords.Normal(2_000));
        harness.Store.Save(TrainedPayments.Manifest("command", harness.Time.GetUtcNow().AddYears(5)), TrainedPayments.Model.Model);
        harness.Store.Save(TrainedPayments.Manifest("command", harness.Time.GetUtcNow().AddHours(-5)), TrainedPayments.Model.Model);
        await harness.StartedAsync();
        var first = harness.Detector.Status.ModelVersion!;
        await harness.UntilAsync(() => harness.Detector.Status.Reason.Contains("count from the version stored last", StringComparison.Ordinal), "the status says so");

        await harness.UntilAsync(() => harness.Time.Timers > 0, "it waits for the schedule");
        harness.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, harness.History.Reads);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        await harness.UntilAsync(() => harness.Detector.Status is { Retraining: false } status && status.ModelVersion != first, "it retrains");
    }

    [Fact]
    public async Task RunAsync_ToldToEndWhileTheHistoryFails_EndsWithoutAnError()
    {
        await using var harness = new DetectorHarness();
        using var ending = new CancellationTokenSource();
        var history = new FailingWhenCancelledHistory();
        await using var detector = new Detector(PaymentRecords.Options(), harness.Store, history, new DetectionMetrics(harness.Meters), harness.Time, NullLogger<Detector>.Instance);
        var run = detector.RunAsync(ending.Token);
        await history.Asked.Task;

        await ending.CancelAsync();

        await run.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task RunAsync_Schedule_RetrainsWhenDue()
    {
        var options = PaymentRecords.Options();
        options.Training.Every = TimeSpan.FromHours(24);
        await using var harness = await DetectorHarness.WithModel(options, PaymentRecords.Normal(1_500, seed: 83)).StartedAsync();
        var former = harness.Detector.Status.ModelVersion;
        await harness.UntilAsync(() => harness.Time.Timers > 0, "it waits for the schedule");

        harness.Time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(0, harness.History.Reads);
        harness.Time.Advance(TimeSpan.FromHours(1));
        await harness.UntilAsync(() => harness.Detector.Status is { Retraining: false } status && status.ModelVersion != former, "it retrains");

        Assert.Equal("schedule", harness.Detector.Manifest!.Trigger);
    }

    [Fact]
    public async Task RunAsync_ScheduledWindowMostlyFlagged_KeepsTheVersionUntilAPersonAsks()
    {
        var options = PaymentRecords.Options();
        options.Training.Every = TimeSpan.FromHours(24);
        var drifted = PaymentRecords.Normal(1_500, seed: 84);
        for (var i = 0; i < 600; i++)
            PaymentRecords.AddAnomaly(drifted, 1_500 + i, amount: 900 + i);
        await using var harness = await DetectorHarness.WithModel(options, drifted).StartedAsync();
        harness.Meters.Listen();
        var former = harness.Detector.Status.ModelVersion;
        await harness.UntilAsync(() => harness.Time.Timers > 0, "it waits for the schedule");

        harness.Time.Advance(TimeSpan.FromHours(24));
        await harness.UntilAsync(() => harness.Detector.Status.Reason.Contains("the stream has changed", StringComparison.Ordinal), "it refuses");
        Assert.Equal(former, harness.Detector.Status.ModelVersion);

        await harness.UntilAsync(() => harness.Detector.RequestRetraining("request"), "it takes a request");
        await harness.UntilAsync(() => harness.Detector.Status is { Retraining: false } status && status.ModelVersion != former, "it learns");
        Assert.Equal((2_100, 0), (harness.Detector.Manifest!.WindowRecords, harness.Detector.Manifest.ExcludedRecords));
        Assert.Equal(1, harness.Meters.Read()["aeanomaly.trainings{detector=payments,outcome=refused,trigger=schedule}"]);
    }

    [Fact]
    public async Task RequestRetraining_Fails_KeepsTheVersionAndSaysWhy()
    {
        await using var harness = await DetectorHarness.WithModel(past: PaymentRecords.Normal(1_500, seed: 85)).StartedAsync();
        harness.Meters.Listen();
        var former = harness.Detector.Status.ModelVersion;
        harness.History.Failure = new IOException("broker down");

        Assert.True(harness.Detector.RequestRetraining("request"));
        await harness.UntilAsync(() => harness.Detector.Status.Reason.EndsWith("the last retraining gave none: broker down", StringComparison.Ordinal), "it says so");

        Assert.Equal((DetectorState.Scoring, former), (harness.Detector.Status.State, harness.Detector.Status.ModelVersion));
        Assert.Single(harness.Store.List("payments"));
        await harness.UntilAsync(() => harness.Meters.Read().ContainsKey("aeanomaly.trainings{detector=payments,outcome=failed,trigger=request}"), "it is counted");
        harness.Detector.Process(Anomaly(), harness.Sink);
        Assert.Single(harness.Sink.Messages);
    }

    [Fact]
    public async Task RequestRetraining_Deadline_KeepsTheVersion()
    {
        var options = PaymentRecords.Options();
        options.Fit.MaxSteps = 10_000_000;
        options.Fit.Patience = 0;
        options.Training.Deadline = TimeSpan.FromMinutes(5);
        await using var harness = await DetectorHarness.WithModel(options, PaymentRecords.Normal(1_500, seed: 86)).StartedAsync();
        var former = harness.Detector.Status.ModelVersion;

        Assert.True(harness.Detector.RequestRetraining("request"));
        await harness.UntilAsync(() => harness.Detector.Status.Progress is not null, "it trains");
        harness.Time.Advance(TimeSpan.FromMinutes(5));
        await harness.UntilAsync(() => harness.Detector.Status.Reason.Contains("given up after 5 min (training.deadline)", StringComparison.Ordinal), "it gives up");

        Assert.Equal(former, harness.Detector.Status.ModelVersion);
    }

    [Fact]
    public async Task Rollback_OlderVersion_ScoresAtOnceAndStaysAfterARestart()
    {
        await using var harness = DetectorHarness.WithModel();
        var first = harness.Store.List("payments")[0].Version;
        var second = harness.Store.Save(TrainedPayments.Manifest("request", harness.Time.GetUtcNow().AddHours(1)), TrainedPayments.Model.Model).Version;
        await harness.StartedAsync();
        Assert.Equal(second, harness.Detector.Status.ModelVersion);

        Assert.Equal(first, harness.Detector.Rollback(null));

        Assert.Equal(first, harness.Detector.Status.ModelVersion);
        Assert.Equal(first, harness.Store.Load("payments", null, harness.Detector.Spec)!.Version);
        harness.Detector.Process(Anomaly(), harness.Sink);
        Assert.Equal(first, (string)harness.Sink.Bodies[0]["model"]!["version"]!);
        Assert.Throws<KeyNotFoundException>(() => harness.Detector.Rollback("20200101T000000Z-00000000"));
        Assert.Equal(first, harness.Detector.Status.ModelVersion);
    }

    [Fact]
    public async Task Rollback_DamagedWeights_KeepsBothTheVersionAndThePointer()
    {
        await using var harness = DetectorHarness.WithModel();
        var first = harness.Store.List("payments")[0].Version;
        var second = harness.Store.Save(TrainedPayments.Manifest("request", harness.Time.GetUtcNow().AddHours(1)), TrainedPayments.Model.Model).Version;
        File.WriteAllText(harness.Folder["payments", first, "weights.safetensors"], "broken");
        await harness.StartedAsync();

        Assert.Throws<AEAnomaly.Models.Persistence.ModelFileException>(() => harness.Detector.Rollback(first));

        Assert.Equal(second, harness.Detector.Status.ModelVersion);
        Assert.Equal(second, harness.Store.Load("payments", null, harness.Detector.Spec)!.Version);
    }

    [Fact]
    public async Task Process_OutputFails_PropagatesAndTheSecondTryGivesTheSameAlerts()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        var batch = new RecordBatch(harness.Detector.Spec, 3);
        for (var i = 0; i < 3; i++)
            PaymentRecords.AddAnomaly(batch, i, at: PaymentRecords.Start + (i * 60));
        harness.Sink.Room = 2;

        Assert.Throws<IOException>(() => harness.Detector.Process(batch, harness.Sink));
        harness.Sink.Room = null;
        harness.Detector.Process(batch, harness.Sink);

        var places = harness.Sink.Bodies.Select(body => ((string)body["id"]!, (string)body["action"]!, (int)body["episode"]!["sequence"]!)).ToArray();
        Assert.Equal(places[..2], places[2..4]);
        Assert.Equal([("open", 1), ("update", 2), ("update", 3)], places[2..].Select(place => (place.Item2, place.Item3)));
    }

    [Fact]
    public async Task Process_RecordThatCannotBeToldOf_IsRefusedAndTheOthersAreAlertedAsIfItWereNotThere()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        var batch = new RecordBatch(harness.Detector.Spec, 3);
        // JSON has no infinity; no decoder gives one, and an alert of it cannot be written.
        PaymentRecords.AddAnomaly(batch, 0, at: PaymentRecords.Start, amount: double.PositiveInfinity);
        PaymentRecords.AddAnomaly(batch, 1, at: PaymentRecords.Start + 60);
        PaymentRecords.AddAnomaly(batch, 2, at: PaymentRecords.Start + 120, amount: double.PositiveInfinity);
        PaymentRecords.AddAnomaly(batch, 3, at: PaymentRecords.Start + 180);

        harness.Detector.Process(batch, harness.Sink);

        Assert.Equal([0, 2], harness.Sink.Refused.Select(refused => refused.Row));
        Assert.All(harness.Sink.Refused, refused => Assert.IsType<ArgumentException>(refused.Reason));
        Assert.Equal([("open", 1), ("update", 3)], harness.Sink.Bodies.Select(body => ((string)body["action"]!, (int)body["episode"]!["sequence"]!)));
        Assert.Equal([1L, 3L], harness.Sink.Bodies.Select(body => (long)body["evidence"]!["offset"]!));
    }

    [Fact]
    public async Task Process_ScoresWanted_TellsEveryRecordThatIsNotRefused()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        harness.Sink.WantsScores = true;
        var batch = PaymentRecords.Normal(1);
        PaymentRecords.AddAnomaly(batch, 1, at: PaymentRecords.Start + 60);
        PaymentRecords.AddAnomaly(batch, 2, at: PaymentRecords.Start + 120, amount: double.PositiveInfinity);
        batch.Append(new RecordOrigin("payments", 0, 3, -1));

        harness.Detector.Process(batch, harness.Sink);

        Assert.Equal([0, 1, 3], harness.Sink.Scores.Select(score => score.Row));
        Assert.Equal(["normal", "anomaly", "unjudged"], harness.Sink.Scores.Select(score => score.Score.Verdict));
        var (normal, anomaly, unjudged) = (harness.Sink.Scores[0].Score, harness.Sink.Scores[1].Score, harness.Sink.Scores[2].Score);
        Assert.True(normal.Ratio <= 1);
        Assert.Equal(((double)harness.Sink.Bodies[0]["score"]!, (double)harness.Sink.Bodies[0]["ratio"]!), (anomaly.Score!.Value, anomaly.Ratio!.Value), (a, b) => a == b);
        Assert.Equal(new AEAnomaly.Detection.Streaming.RecordScore("unjudged", null, null, harness.Detector.Status.ModelVersion!), unjudged);
    }

    [Fact]
    public async Task Process_NormalRecords_AllocateNothing()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        harness.Meters.ListenOnly();
        var all = PaymentRecords.Normal(1_500, seed: 87);
        var scorer = new AEAnomaly.Detection.Scoring.RecordScorer(TrainedPayments.Model.Encoder, TrainedPayments.Model.Frozen);
        var scores = scorer.Score(all).ToArray();
        var normal = new RecordBatch(all.Spec, 1_000);
        for (var row = 0; normal.Count < 1_000; row++)
        {
            if (TrainedPayments.Model.Threshold.Ratio(scores[row]) <= 1)
                normal.AppendFrom(all, row);
        }

        harness.Detector.Process(normal, harness.Sink);

        // An open episode must not make the records beside it cost anything either.
        harness.Detector.Process(Anomaly(at: PaymentRecords.Start + 1e7), harness.Sink);

        Assert.Equal(0, Allocations.InSteadyState(() => harness.Detector.Process(normal, harness.Sink)));
        Assert.Equal(1, harness.Detector.OpenEpisodes);
        Assert.Single(harness.Sink.Messages);
    }

    [Fact]
    public async Task Tick_EpisodeQuiet_PublishesItsClose()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        harness.Detector.Process(Anomaly(), harness.Sink);

        harness.Time.Advance(TimeSpan.FromMinutes(16));
        harness.Detector.Tick(harness.Sink);
        harness.Detector.Tick(harness.Sink);

        Assert.Equal(["open", "close"], harness.Sink.Bodies.Select(body => (string)body["action"]!));
        Assert.Equal((string)harness.Sink.Bodies[0]["id"]!, (string)harness.Sink.Bodies[1]["last_alert_id"]!);
        Assert.Contains(new("ce_type", "aeanomaly.episode.closed.v1"), harness.Sink.Messages[1].Headers);
        Assert.Equal(harness.Sink.Messages[0].Key.ToArray(), harness.Sink.Messages[1].Key.ToArray());
    }

    private static RecordBatch Anomaly(double at = PaymentRecords.Start)
    {
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        PaymentRecords.AddAnomaly(batch, 1_000_000, at: at);
        return batch;
    }

    private static RecordBatch ConstantRecords(int count)
    {
        var batch = new RecordBatch(PaymentRecords.Spec, count);
        for (var i = 0; i < count; i++)
            PaymentRecords.Add(batch, i, "c", PaymentRecords.Start, 40, "DE", 1);
        return batch;
    }
}

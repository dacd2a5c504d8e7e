using System.Text;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Tests.Lifecycle;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Variants.Sequences;

namespace AEAnomaly.Detection.Tests.Sequences;

/// <summary>Windows outlive the version that filled them.</summary>
public sealed class WindowSwapTests
{
    private const int Keys = 5;

    private static readonly FeatureSpec Spec = new(
    [
        new() { Name = "note", Kind = FieldKind.Ignore, PassThrough = PassThrough.Plain },
        new() { Name = "level" },
        new() { Name = "machine", Kind = FieldKind.Key },
        new() { Name = "mode", Kind = FieldKind.Categorical },
        new() { Name = "open", Kind = FieldKind.Boolean },
        new() { Name = "at", Kind = FieldKind.Timestamp },
    ]);

    private static readonly Lazy<TrainedDetector> First = new(() => Train(0, 8));

    // Other categories, hence other widths.
    private static readonly Lazy<TrainedDetector> Second = new(() => Train(9_000, 8));

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void Score_AnotherVersionTakesOver_EqualsThatVersionOnTheWholeStream(int size)
    {
        Assert.NotEqual(First.Value.Encoder.Layout.Width, Second.Value.Encoder.Layout.Width);
        var stream = Stream(20_000, 400);
        var expected = new RecordScorer(Second.Value.Encoder, Second.Value.Frozen).Score(stream).ToArray();
        var returning = new RecordScorer(First.Value.Encoder, First.Value.Frozen).Score(stream).ToArray();
        var windows = new KeyWindows(1_000_000, Spec);

        Score(First.Value, windows, stream, 0, 200, size);
        Assert.Equal(expected[200..300], Score(Second.Value, windows, stream, 200, 300, size));

        // As after a rollback.
        Assert.Equal(returning[300..400], Score(First.Value, windows, stream, 300, 400, size));
        Assert.DoesNotContain(returning[300..], RecordScorer.IsWarming);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(11, 2)]
    public void Score_AVersionOfAnotherWindow_UsesTheRecordsThatAreHeld(int window, int warmingPerKey)
    {
        var other = Train(4_000, window);
        var stream = Stream(20_000, 300);
        var expected = new RecordScorer(other.Encoder, other.Frozen).Score(stream).ToArray();
        var windows = new KeyWindows(1_000_000, Spec);

        Score(First.Value, windows, stream, 0, 200, 64);
        var scores = Score(other, windows, stream, 200, 300, 64);

        Assert.Equal(Keys * warmingPerKey, scores.Count(RecordScorer.IsWarming));
        Assert.Equal(expected[(200 + (Keys * warmingPerKey))..], scores[(Keys * warmingPerKey)..]);
    }

    [Fact]
    public void Recall_RecordsBefore_FillTheWindowsAsScoringDid()
    {
        var stream = Stream(20_000, 600);
        var expected = new RecordScorer(First.Value.Encoder, First.Value.Frozen).Score(stream).ToArray();
        var scorer = new RecordScorer(First.Value.Encoder, First.Value.Frozen, new KeyWindows(1_000_000, Spec));

        scorer.Recall(Slice(stream, 0, 500));

        Assert.Equal(expected[500..], scorer.Score(Slice(stream, 500, 600)).ToArray());
        Assert.Equal(0, scorer.WarmingRecords);
    }

    [Fact]
    public async Task Process_AcrossARetrainingAndARollback_LeavesNoRecordUnscored()
    {
        await using var harness = MachineRecords.HarnessWithModel();
        harness.Meters.Listen();
        await harness.StartedAsync();
        var first = harness.Detector.Status.ModelVersion;
        harness.Detector.Process(MachineRecords.Climbing(300, first: 9_000), harness.Sink);
        Assert.Equal((33, 267), Counted(harness));

        Assert.True(harness.Detector.RequestRetraining("request"));
        await harness.UntilAsync(() => harness.Detector.Status is { Retraining: false } status && status.ModelVersion != first, "another version scores");
        harness.Detector.Process(MachineRecords.Climbing(300, first: 9_300), harness.Sink);
        Assert.Equal((33, 567), Counted(harness));

        Assert.Equal(first, harness.Detector.Rollback(first));
        harness.Detector.Process(MachineRecords.Climbing(300, first: 9_600), harness.Sink);
        Assert.Equal((33, 867), Counted(harness));
        Assert.Equal(3, harness.Meters.Read()["aeanomaly.sequence.keys{detector=machines}"]);
    }

    [Fact]
    public async Task Recall_PastOfAPartition_IsNeitherScoredNorCountedAndWarmsTheKeys()
    {
        await using var harness = MachineRecords.HarnessWithModel();
        harness.Meters.Listen();
        await harness.StartedAsync();
        Assert.Equal(new PastWanted(100_000), harness.Detector.Begin("readings", 0, null, 500_000));

        harness.Detector.Recall(MachineRecords.Climbing(40, first: 9_000));
        Assert.Equal((0, 0), Counted(harness));
        harness.Detector.Process(MachineRecords.Climbing(60, first: 9_040), harness.Sink);
        Assert.Equal((0, 60), Counted(harness));

        harness.Detector.Forget(new HashSet<(string, int)> { ("machines", 1), ("others", 0) }, ForgetReason.GivenAway);
        harness.Detector.Process(MachineRecords.Climbing(60, first: 9_100), harness.Sink);
        Assert.Equal((0, 120), Counted(harness));
        harness.Detector.Forget(new HashSet<(string, int)> { ("machines", 0) }, ForgetReason.GivenAway);
        harness.Detector.Process(MachineRecords.Climbing(60, first: 9_160), harness.Sink);
        Assert.Equal((33, 147), Counted(harness));
    }

    [Fact]
    public async Task Process_OutputFailsOnce_TheSameBatchAgainGivesTheSameAlerts()
    {
        await using var whole = await MachineRecords.HarnessWithModel().StartedAsync();
        await using var failing = await MachineRecords.HarnessWithModel().StartedAsync();
        var stream = Falling(200, 260);
        var after = Falling(460, 100);
        foreach (var harness in (DetectorHarness[])[whole, failing])
            harness.Detector.Process(Falling(0, 200), harness.Sink);

        failing.Sink.Room = 1;
        Assert.Throws<IOException>(() => failing.Detector.Process(stream, failing.Sink));
        failing.Sink.Messages.RemoveAt(failing.Sink.Messages.Count - 1);
        failing.Sink.Room = null;
        foreach (var harness in (DetectorHarness[])[whole, failing])
        {
            harness.Detector.Process(stream, harness.Sink);
            harness.Detector.Process(after, harness.Sink);
        }

        Assert.True(Ratios(whole).Length > 10);
        Assert.Equal(Ratios(whole), Ratios(failing));
    }

    private static (double Warming, double Scored) Counted(DetectorHarness harness)
    {
        var counts = harness.Meters.Read();
        return (counts.GetValueOrDefault("aeanomaly.records.warming{detector=machines}"), counts.GetValueOrDefault("aeanomaly.records.scored{detector=machines}"));
    }

    private static (long Offset, double Ratio)[] Ratios(DetectorHarness harness) =>
        [.. harness.Sink.Bodies.Where(body => body["ratio"] is not null).Select(body => ((long)body["evidence"]!["offset"]!, (double)body["ratio"]!))];

    private static RecordBatch Falling(long first, int count)
    {
        var records = new RecordBatch(MachineRecords.Spec, count);
        for (var offset = first; offset < first + count; offset++)
            MachineRecords.Add(records, offset, offset is >= 220 and < 400 ? MachineRecords.Window - 1 - MachineRecords.Load(offset) : MachineRecords.Load(offset));
        return records;
    }

    private static float[] Score(TrainedDetector version, KeyWindows windows, RecordBatch stream, int from, int to, int size)
    {
        var scorer = new RecordScorer(version.Encoder, version.Frozen, windows);
        var scores = new List<float>();
        for (var first = from; first < to; first += size)
            scores.AddRange(scorer.Score(Slice(stream, first, Math.Min(to, first + size))));
        return [.. scores];
    }

    private static TrainedDetector Train(int first, int window) => DetectorTrainer.Train(
        Spec,
        new DetectorOptions
        {
            Name = "machines",
            Fields = [.. Spec.Fields],
            Model = new ConvolutionalAutoencoderOptions { Window = window, Hidden = [4] },
            Fit = new TrainingOptions { MaxSteps = 30, BatchSize = 64 },
        },
        Stream(first, 600),
        TimeProvider.System);

    private static RecordBatch Stream(int first, int count)
    {
        var batch = new RecordBatch(Spec, count);
        var random = new Random(first);
        for (var i = first; i < first + count; i++)
        {
            var row = batch.Append(new RecordOrigin("machines", 0, i, -1));
            batch.SetText(0, row, Encoding.UTF8.GetBytes($"record {i}"));
            batch.SetText(2, row, Encoding.UTF8.GetBytes($"m{i % Keys}"));
            if (random.Next(10) > 0)
                batch.SetNumber(1, row, (i % 13) + random.NextDouble());
            if (random.Next(10) > 0)
                batch.SetText(3, row, Encoding.UTF8.GetBytes(new string((char)('a' + (i / 7 % (first == 0 ? 3 : 6))), random.Next(1, 3))));
            batch.SetNumber(4, row, i / 5 % 2);
            batch.SetNumber(5, row, 1_772_452_800 + (i * 977.25));
        }

        return batch;
    }

    private static RecordBatch Slice(RecordBatch records, int from, int to)
    {
        var slice = new RecordBatch(records.Spec, to - from);
        for (var row = from; row < to; row++)
            slice.AppendFrom(records, row);
        return slice;
    }
}

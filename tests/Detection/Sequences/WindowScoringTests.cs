using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Detection.Tests.Lifecycle;
using AEAnomaly.Detection.Training;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Sequences;

public sealed class WindowScoringTests
{
    private const int Window = MachineRecords.Window;
    private const int Machines = MachineRecords.Machines;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    public void Score_InterleavedKeys_EqualsTheNetworkOnEachKeysLastRecords(int size)
    {
        var records = MachineRecords.Climbing(300, first: 5_000);
        var model = MachineRecords.Model;
        var rows = new EncodedRows();
        model.Encoder.Encode(records, 0, records.Count, rows);
        var scratch = model.Frozen.CreateScratch();
        var (window, expected) = (new float[Window], new float[1]);

        var scorer = new RecordScorer(model.Encoder, model.Frozen);
        var warming = 0L;
        for (var first = 0; first < records.Count; first += size)
        {
            var scores = scorer.Score(Slice(records, first, Math.Min(size, records.Count - first)));
            warming += scorer.WarmingRecords;
            for (var i = 0; i < scores.Length; i++)
            {
                var row = first + i;
                Assert.Equal(row < Machines * (Window - 1), RecordScorer.IsWarming(scores[i]));
                if (RecordScorer.IsWarming(scores[i]))
                    continue;
                for (var t = 0; t < Window; t++)
                    window[t] = rows.Values[row - (Machines * (Window - 1 - t))];
                model.Frozen.Score(window, [], expected, scratch);
                Assert.Equal(expected[0], scores[i]);
            }
        }

        Assert.Equal(Machines * (Window - 1), warming);
        Assert.Equal((Machines, 0L), (scorer.Keys, scorer.EvictedKeys));
    }

    [Fact]
    public void Score_RecordWithoutAnyFeature_IsUnjudgedAndStaysInTheWindow()
    {
        var records = MachineRecords.Climbing(300, first: 5_000);
        var model = MachineRecords.Model;
        const int lacking = 30 * Machines;
        records.SetNumber(1, lacking, double.NaN);
        var scorer = new RecordScorer(model.Encoder, model.Frozen);

        var scores = scorer.Score(records).ToArray();

        Assert.Equal(1, scorer.UnjudgedRecords);
        Assert.Equal(Machines * (Window - 1), scorer.WarmingRecords);
        Assert.True(RecordScorer.IsUnjudged(scores[lacking]));
        for (var later = 1; later < Window; later++)
            Assert.InRange(scores[lacking + (later * Machines)], 0, (float)model.Threshold.Value);
    }

    [Fact]
    public void Score_NoKeyDeclared_EachPartitionIsASequence()
    {
        var spec = new FeatureSpec([new() { Name = "machine", Kind = FieldKind.Ignore }, new() { Name = "load" }]);
        var batch = new RecordBatch(spec, 100);
        for (var i = 0; i < 100; i++)
            batch.SetNumber(1, batch.Append(new RecordOrigin(i % 3 == 0 ? "a" : "b", i % 2, i, -1)), MachineRecords.Load(i));
        var trained = DetectorTrainer.Train(spec, MachineRecords.Options(), PartitionOf(spec, 800), TimeProvider.System);
        var scorer = new RecordScorer(trained.Encoder, trained.Frozen);
        var scores = scorer.Score(batch).ToArray();

        Assert.Equal(4, scorer.Keys);
        Assert.Equal(4 * (Window - 1), scores.Count(RecordScorer.IsWarming));
    }

    [Fact]
    public void Score_BudgetForOneKey_NeverFillsAWindowAndCounts()
    {
        var model = MachineRecords.Model;
        var scorer = new RecordScorer(model.Encoder, model.Frozen, windowBytes: 1);
        var scores = scorer.Score(MachineRecords.Climbing(90)).ToArray();
        Assert.All(scores, score => Assert.True(RecordScorer.IsWarming(score)));
        Assert.Equal((1, 89L, 90L), (scorer.Keys, scorer.EvictedKeys, scorer.WarmingRecords));
    }

    [Fact]
    public void Score_SteadyState_AllocatesNothing()
    {
        var model = MachineRecords.Model;
        var scorer = new RecordScorer(model.Encoder, model.Frozen) { KeepWindowsAbove = 0 };
        var records = MachineRecords.Climbing(600);

        Assert.Equal(0, Allocations.InSteadyState(() => scorer.Score(records)));
    }

    [Fact]
    public void Train_ClimbingMachines_FlagsAFallingOneAndExplainsIt()
    {
        var model = MachineRecords.Model;
        var records = Falling();
        var scorer = new RecordScorer(model.Encoder, model.Frozen) { KeepWindowsAbove = 0 };
        var scores = scorer.Score(records).ToArray();
        var threshold = model.Threshold.Value;

        // Machine 1 falls from row 300 to 333 and climbs again: windows that hold some of it are off, those of the others are not.
        Assert.True(scores[331] > 2 * threshold, $"Score {scores[331]}, threshold {threshold}.");
        var others = Enumerable.Range(0, records.Count).Where(row => row % Machines != 1 && !RecordScorer.IsWarming(scores[row])).ToArray();
        Assert.True(others.Count(row => scores[row] > threshold) < 0.05 * others.Length);

        var explainer = new Explainer(model.Encoder, model.Frozen, 3);
        var explanation = explainer.Explain(records, 331, scorer);
        Assert.Equal(scores[331], explanation.Score);
        Assert.Equal("load", Assert.Single(explanation.Features).Field.Name);
        var error = Assert.Throws<ArgumentException>(() => explainer.Explain(records, 5, scorer));
        Assert.Contains("row 5 was not kept", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_FlaggedRecords_CloseNoWindowOverTheirGap()
    {
        var all = MachineRecords.Climbing(180);
        var (normal, flagged) = (new RecordBatch(all.Spec, 180), new RecordBatch(all.Spec, 2));
        for (var row = 0; row < 180; row++)
            (row is 90 or 151 ? flagged : normal).AppendFrom(all, row);

        var windows = TrainingWindows.Build(MachineRecords.Model.Encoder, normal, flagged, Window);
        var whole = TrainingWindows.Build(MachineRecords.Model.Encoder, all, null, Window);

        // 60 records and 49 windows a machine; record 30 of machine 0 spoils 12 of them, record 50 of machine 1 only the 10 that are left.
        Assert.Equal(3 * 49, whole.Normal.Length);
        Assert.Equal((3 * 49) - 12 - 10, windows.Normal.Length);
        Assert.Equal([30 - 11, 60 + 50 - 11], windows.Flagged);
        Assert.Equal(whole.Values, windows.Values);
        Assert.All(windows.Normal, first => Assert.Equal(first / 60, (first + Window - 1) / 60));
    }

    [Fact]
    public void Take_RowsLeftOut_CloseNoWindowAndWarmTheKeyAnew()
    {
        var all = MachineRecords.Climbing(180);
        int[] rows = [.. Enumerable.Range(0, 180).Where(row => row is not (90 or 93 or 151))];
        var taken = SequenceRows.Take(all, rows);

        // Machine 0 lacks its records 30 and 31, machine 1 its record 50; machine 2 lacks none.
        Assert.Equal([96, 154], Enumerable.Range(0, taken.Count).Where(taken.FollowsGap).Select(row => (int)taken.Origins[row].Offset));
        var windows = TrainingWindows.Build(MachineRecords.Model.Encoder, taken, null, Window);
        Assert.Equal((30 - 11) + (28 - 11) + (50 - 11) + 49, windows.Normal.Length);
        var scorer = new RecordScorer(MachineRecords.Model.Encoder, MachineRecords.Model.Frozen);
        var expected = scorer.Score(all).ToArray();
        var scores = new RecordScorer(MachineRecords.Model.Encoder, MachineRecords.Model.Frozen).Score(taken).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            var warms = rows[i] < Machines * 11 || (rows[i] % 3 == 0 && rows[i] is > 93 and < 96 + (Machines * 11)) || (rows[i] % 3 == 1 && rows[i] > 151);
            Assert.Equal(warms ? RecordScorer.WarmingScore : expected[rows[i]], scores[i]);
        }

        var error = Assert.Throws<ArgumentException>(() => SequenceRows.Take(all, [5, 3]));
        Assert.Contains("Row 3 is not among 180 records", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_TooFewRecordsForAKey_SaysWhatIsNeeded()
    {
        var error = Assert.Throws<ArgumentException>(() => DetectorTrainer.Train(MachineRecords.Spec, MachineRecords.Options(), MachineRecords.Climbing(48), TimeProvider.System));
        Assert.Contains("48 records hold 15 windows of 12 records of one key; at least 20 are needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_WindowVariant_WarmsSilentlyThenAlertsOnAFallingMachine()
    {
        await using var harness = new DetectorHarness(MachineRecords.Options(), MachineRecords.Climbing(3_000));
        harness.Meters.Listen();
        await harness.StartedAsync();
        harness.Detector.Process(MachineRecords.Climbing(33, first: 9_000), harness.Sink);
        Assert.Empty(harness.Sink.Messages);
        Assert.Equal(33, harness.Meters.Read()["aeanomaly.records.warming{detector=machines}"]);
        Assert.Equal(0, harness.Meters.Read()["aeanomaly.records.scored{detector=machines}"]);

        harness.Detector.Process(Falling(), harness.Sink);
        Assert.NotEmpty(harness.Sink.Messages);
        Assert.Equal(33, harness.Meters.Read()["aeanomaly.records.warming{detector=machines}"]);
        Assert.Equal(500, harness.Meters.Read()["aeanomaly.records.scored{detector=machines}"]);
        Assert.Equal(3, harness.Meters.Read()["aeanomaly.sequence.keys{detector=machines}"]);
    }

    private static RecordBatch Falling()
    {
        var records = new RecordBatch(MachineRecords.Spec, 500);
        for (var offset = 0; offset < 500; offset++)
        {
            var load = MachineRecords.Load(offset);
            MachineRecords.Add(records, offset, offset % Machines == 1 && offset is >= 300 and < 336 ? Window - 1 - load : load);
        }

        return records;
    }

    private static RecordBatch PartitionOf(FeatureSpec spec, int count)
    {
        var batch = new RecordBatch(spec, count);
        for (var i = 0; i < count; i++)
            batch.SetNumber(1, batch.Append(new RecordOrigin("a", 0, i, -1)), (i % Window) + (0.1 * Math.Sin(i * 12.9898)));
        return batch;
    }

    private static RecordBatch Slice(RecordBatch records, int first, int count)
    {
        var slice = new RecordBatch(records.Spec, count);
        for (var row = first; row < first + count; row++)
            slice.AppendFrom(records, row);
        return slice;
    }
}

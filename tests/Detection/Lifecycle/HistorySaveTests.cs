using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Tests.History;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Lifecycle;

/// <summary>What is written while records go on coming is what was remembered when the writing began, to the bit.</summary>
public sealed class HistorySaveTests : IDisposable
{
    private const int Partitions = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64, 900, 1)]
    [InlineData(64, 900, 37)]
    [InlineData(64, 900, int.MaxValue)]
    [InlineData(1, 6_000, 1)]
    [InlineData(1, 6_000, 37)]
    public async Task Restore_OfFilesWrittenWhileRecordsCome_GoesOnAsIfNothingHadHappened(int memoryMib, int cards, int slice)
    {
        var spec = HistoryRecords.Options(memoryMib).ToSpec();
        var records = PartitionedRecords.Make(spec, 30_000, cards, Partitions, seed: 3);
        var undisturbed = new KeyHistory(spec);
        var history = new KeyHistory(spec);
        const int Middle = 15_000;
        undisturbed.Take(records);
        history.Take(PartitionedRecords.Rows(records, Enumerable.Range(0, Middle)));
        Assert.Equal(memoryMib == 1, history.Evicted > 0);

        var folder = new HistoryFolder(_folder.Path);
        var save = new HistorySave(history, folder, history.Partitions);
        for (var row = Middle; row < records.Count && !save.IsCopied; row += 20)
        {
            history.Take(PartitionedRecords.Rows(records, Enumerable.Range(row, Math.Min(20, records.Count - row))));
            save.Advance(slice);
        }

        while (!save.IsCopied)
            save.Advance(slice);
        await save.Writing;

        var restored = new KeyHistory(spec);
        for (var partition = Partitions - 1; partition >= 0; partition--)
        {
            using var file = HistoryFileReader.Open(folder.PathOf(PartitionedRecords.Topic, partition, PartitionedRecords.NextOf(records, partition, Middle)), restored.StateBytes);
            restored.Restore(file);
        }

        var rest = PartitionedRecords.Rows(records, Enumerable.Range(Middle, records.Count - Middle));
        restored.Take(rest);
        HistoryRecords.AssertSameFeatures(records, Middle, rest);
        Assert.Equal(undisturbed.Keys, restored.Keys);
        Assert.Empty(Directory.GetFiles(_folder[PartitionedRecords.Topic], "*" + HistoryFolder.UnfinishedEnding));
    }

    [Fact]
    public async Task Restore_MoreKeysThanFit_KeepsThoseUsedLastAndCountsTheOthers()
    {
        var spec = HistoryRecords.Options(memoryMib: 1).ToSpec();
        var larger = HistoryRecords.Options(memoryMib: 64).ToSpec();
        var records = PartitionedRecords.Make(larger, 12_000, 4_000, 1, seed: 4);
        var history = new KeyHistory(larger);
        history.Take(records);
        var save = new HistorySave(history, new HistoryFolder(_folder.Path), history.Partitions);
        save.Advance(int.MaxValue);
        await save.Writing;
        var small = new KeyHistory(spec);
        var smallFromTheBeginning = new KeyHistory(spec);
        var all = PartitionedRecords.Rows(records, Enumerable.Range(0, records.Count));
        smallFromTheBeginning.Take(all);

        using (var file = HistoryFileReader.Open(Directory.GetFiles(_folder[PartitionedRecords.Topic])[0], small.StateBytes))
            small.Restore(file);

        Assert.Equal(smallFromTheBeginning.Keys, small.Keys);
        var newest = PartitionedRecords.Rows(records, Enumerable.Range(records.Count - 500, 500));
        small.Take(newest);
        for (var row = 0; row < newest.Count; row++)
        {
            // Known to both: a key seen so late has not left.
            if (!newest.IsMissing(HistoryRecords.Card, row))
                Assert.NotEqual(0, newest.HistoryRecords(row));
        }
    }

    [Fact]
    public async Task Abandon_InTheMiddle_LeavesNoFile()
    {
        var spec = HistoryRecords.Options().ToSpec();
        var history = new KeyHistory(spec);
        history.Take(PartitionedRecords.Make(spec, 3_000, 900, Partitions, seed: 5));
        var save = new HistorySave(history, new HistoryFolder(_folder.Path), history.Partitions);
        save.Advance(600);

        save.Abandon();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save.Writing);

        Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Take_WhileACopyIsTaken_KeepsTheLoopFromWaiting()
    {
        var spec = HistoryRecords.Options().ToSpec();
        var history = new KeyHistory(spec);
        history.Take(PartitionedRecords.Make(spec, 20_000, 9_000, 1, seed: 6));
        var copied = 0;
        var blocks = new KeyBlocks(history.StateBytes, block => copied += block.Count);
        history.BeginCopy(new Dictionary<PartitionPast, KeyBlocks> { [history.Partitions.Single()] = blocks });

        history.Take(PartitionedRecords.Make(spec, 100, 9_000, 1, seed: 7));
        blocks.Flush();

        // Only the keys of the batch, not all: about a hundred, some of them new.
        Assert.InRange(copied / SavedKey.BytesOf(history.StateBytes), 30, 100);
    }
}

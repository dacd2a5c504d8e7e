using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.History;
using AEAnomaly.TestKit;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Detection.Tests.Lifecycle;

/// <summary>Files of what is remembered: which are used after an end of any kind, which are refused and why, which are deleted.</summary>
public sealed class HistoryKeeperTests : IDisposable
{
    private const int Partitions = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly TestMeters _meters = new();
    private readonly WatchedTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly NotedLog _log = new();
    private readonly DetectionMetrics _metrics;

    public HistoryKeeperTests()
    {
        _metrics = new DetectionMetrics(_meters);
        _meters.Listen();
    }

    public void Dispose()
    {
        _meters.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(64, 500, 1)]
    [InlineData(64, 500, 2)]
    [InlineData(1, 6_000, 3)]
    [InlineData(1, 6_000, 4)]
    public async Task TakeOver_AfterCrashesAtAnyMoment_LaterFeaturesAreThoseOfAnUndisturbedRun(int memoryMib, int cards, int seed)
    {
        var spec = HistoryRecords.Options(memoryMib).ToSpec();
        var records = PartitionedRecords.Make(spec, 30_000, cards, Partitions, seed);
        new KeyHistory(spec).Take(records);
        var random = new Random(seed);
        int committed = 0, usedFiles = 0;
        while (committed < records.Count)
        {
            var history = new KeyHistory(spec);
            await using var keeper = Keeper(history, memoryMib);
            var known = Enumerable.Range(0, Partitions).Select(partition =>
                keeper.TakeOver(PartitionedRecords.Topic, partition, PartitionedRecords.TopicId, PartitionedRecords.NextOf(records, partition, committed)) ?? 0).ToArray();
            usedFiles += known.Count(offset => offset > 0);
            history.TakeMissed(PartitionedRecords.Rows(records, Enumerable.Range(0, committed).Where(row => records.Origins[row].Offset >= known[records.Origins[row].Partition])));

            // Some of what is processed is committed, and some files are written, before it is killed.
            var processed = committed;
            for (var batches = random.Next(1, 12); batches > 0 && processed < records.Count; batches--)
            {
                var batch = PartitionedRecords.Rows(records, Enumerable.Range(processed, Math.Min(random.Next(1, 900), records.Count - processed)));
                history.Take(batch);
                HistoryRecords.AssertSameFeatures(records, processed, batch);
                processed += batch.Count;
                if (random.Next(3) == 0)
                    await SaveAsync(keeper);
                if (random.Next(2) == 0 || processed == records.Count)
                    Commit(keeper, records, committed = processed);
            }
        }

        Assert.True(usedFiles > Partitions, "no file was ever used");
    }

    [Fact]
    public async Task Committed_NewerFileWritten_OlderOneStaysUntilThen()
    {
        var (history, records) = Remembering();
        await using var keeper = Keeper(history);
        history.Take(PartitionedRecords.Rows(records, Enumerable.Range(0, 300)));
        await SaveAsync(keeper);
        Commit(keeper, records, 300);
        history.Take(PartitionedRecords.Rows(records, Enumerable.Range(300, 300)));
        await SaveAsync(keeper);
        var both = Files();
        history.Take(PartitionedRecords.Rows(records, Enumerable.Range(600, 300)));
        await SaveAsync(keeper);

        Assert.Equal(2 * Partitions, both.Length);
        // A third one would be of no use before the second is.
        Assert.Equal(both, Files());
        Commit(keeper, records, 599);
        Assert.Equal(2 * Partitions, Files().Length + CountCommitted(records, 599, 600));
        Commit(keeper, records, 600);
        Assert.Equal(Partitions, Files().Length);
    }

    [Fact]
    public async Task HandOver_PartitionsGivenAway_AreTakenOverElsewhereAndTheOthersStay()
    {
        var (history, records) = Remembering();
        await using var keeper = Keeper(history);
        history.Take(PartitionedRecords.Rows(records, Enumerable.Range(0, 700)));
        var given = new HashSet<(string, int)> { (PartitionedRecords.Topic, 1) };
        keeper.HandOver(given);
        history.Forget(given);
        var other = new KeyHistory(records.Spec);
        await using var otherKeeper = Keeper(other);

        Assert.Equal(PartitionedRecords.NextOf(records, 1, 700), otherKeeper.TakeOver(PartitionedRecords.Topic, 1, PartitionedRecords.TopicId, PartitionedRecords.NextOf(records, 1, 700)));
        new KeyHistory(records.Spec).Take(records);
        var rows = Enumerable.Range(700, 300).ToList();
        var (here, there) = (rows.FindAll(row => records.Origins[row].Partition != 1), rows.FindAll(row => records.Origins[row].Partition == 1));
        var (left, moved) = (PartitionedRecords.Rows(records, here), PartitionedRecords.Rows(records, there));
        history.Take(left);
        other.Take(moved);

        for (var i = 0; i < here.Count; i++)
            HistoryRecords.AssertSameFeatures(records, here[i], left, i);
        for (var i = 0; i < there.Count; i++)
            HistoryRecords.AssertSameFeatures(records, there[i], moved, i);
        Assert.Single(Files());
        Assert.Equal(1, Counted("written"));
        Assert.Equal(1, Counted("taken_over"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Files()[0]));
    }

    [Fact]
    public async Task TakeOver_AnyBitFlippedOrAnyEndCutOff_IsRefusedWithNameAndReason()
    {
        var options = new HistoryOptions { Remember = [new HistoryItem { Gap = true }], HalfLives = [TimeSpan.FromHours(1)] };
        var path = await WrittenAsync(options, cards: 2);
        var content = File.ReadAllBytes(path);
        Assert.InRange(content.Length, 200, 1_000);
        for (var bit = 0; bit < 8 * content.Length; bit++)
        {
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, content);
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            await AssertRefused(options, path, ": it");
        }

        for (var length = 0; length < content.Length; length++)
        {
            File.WriteAllBytes(path, content[..length]);
            await AssertRefused(options, path, ": it");
        }

        File.WriteAllBytes(path, content);
        await using var keeper = Keeper(new KeyHistory(Options(options).ToSpec()), history: options);
        Assert.NotNull(keeper.TakeOver(PartitionedRecords.Topic, 0, PartitionedRecords.TopicId, 10_000));
    }

    [Fact]
    public async Task TakeOver_OfAnotherDeclarationOrTopic_IsRefusedWithNameAndReason()
    {
        var options = new HistoryOptions { Remember = [new HistoryItem { Gap = true }] };
        var path = await WrittenAsync(options, cards: 5);

        await AssertRefused(new HistoryOptions { Remember = [new HistoryItem { Gap = true }], HalfLives = [TimeSpan.FromHours(2)] }, path, "another declaration");
        await AssertRefused(new HistoryOptions { Remember = [new HistoryItem { Gap = true }], UsualHalfLife = TimeSpan.FromDays(3) }, path, "another declaration");
        await AssertRefused(new HistoryOptions { Remember = [new HistoryItem { Count = true }] }, path, "another declaration");
        await AssertRefused(options, path, "deleted and created anew", topicId: "the-second");
        await AssertRefused(options, path, "now unknown", topicId: null);
        var renamed = _folder[PartitionedRecords.Topic, "0-7.keys"];
        File.Move(path, renamed);
        await AssertRefused(options, renamed, "was it renamed?");
    }

    [Fact]
    public async Task TakeOver_NewestDamaged_UsesTheOneBefore()
    {
        var (history, records) = Remembering();
        await using (var keeper = Keeper(history))
        {
            foreach (var row in (int[])[0, 300])
            {
                history.Take(PartitionedRecords.Rows(records, Enumerable.Range(row, 300)));
                Commit(keeper, records, row);
                await SaveAsync(keeper);
            }
        }

        var newest = new HistoryFolder(_folder.Path).PathOf(PartitionedRecords.Topic, 2, PartitionedRecords.NextOf(records, 2, 600));
        var content = File.ReadAllBytes(newest);
        content[^100] ^= 4;
        File.WriteAllBytes(newest, content);
        var after = new KeyHistory(records.Spec);
        await using var next = Keeper(after);

        Assert.Equal(PartitionedRecords.NextOf(records, 2, 300), next.TakeOver(PartitionedRecords.Topic, 2, PartitionedRecords.TopicId, PartitionedRecords.NextOf(records, 2, 600)));
        Assert.Equal(1, Counted("refused"));
    }

    [Fact]
    public async Task TakeOver_FilesBeyondTheFirstNewRecord_AreNotUsed()
    {
        var (history, records) = Remembering();
        await using (var keeper = Keeper(history))
        {
            history.Take(PartitionedRecords.Rows(records, Enumerable.Range(0, 300)));
            await SaveAsync(keeper);
        }

        await using var next = Keeper(new KeyHistory(records.Spec));

        Assert.Null(next.TakeOver(PartitionedRecords.Topic, 0, PartitionedRecords.TopicId, PartitionedRecords.NextOf(records, 0, 300) - 1));
        Assert.Equal(0, Counted("refused"));
    }

    [Fact]
    public async Task Discard_LogIsAnother_DeletesItsFiles()
    {
        var (history, records) = Remembering();
        await using var keeper = Keeper(history);
        history.Take(PartitionedRecords.Rows(records, Enumerable.Range(0, 300)));
        await SaveAsync(keeper);

        keeper.Discard(new HashSet<(string, int)> { (PartitionedRecords.Topic, 0) });

        Assert.Equal(Partitions - 1, Files().Length);
        Assert.Null(keeper.TakeOver(PartitionedRecords.Topic, 0, PartitionedRecords.TopicId, 10_000));
    }

    [Fact]
    public async Task Advance_FolderCannotBeWritten_IsCountedSaidAndTriedAgain()
    {
        var (history, records) = Remembering();
        await using var keeper = Keeper(history);
        history.Take(PartitionedRecords.Rows(records, Enumerable.Range(0, 300)));
        var blocked = _folder.Write(PartitionedRecords.Topic, "a file where the folder would be");
        _time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => Step(keeper) && Counted("failed") == 1, TimeSpan.FromSeconds(30), "it fails");
        keeper.HandOver(new HashSet<(string, int)> { (PartitionedRecords.Topic, 0) });
        Assert.Equal(2, Counted("failed"));
        Assert.Contains(_log.Lines, line => line.Contains("could not write what it remembers", StringComparison.Ordinal));

        File.Delete(blocked);
        await SaveAsync(keeper);
        Assert.Equal(Partitions, Files().Length);
    }

    private static bool Step(HistoryKeeper keeper)
    {
        keeper.Advance(isTick: false);
        return true;
    }

    private static int CountCommitted(RecordBatch records, int row, int until) =>
        Enumerable.Range(0, Partitions).Count(partition => PartitionedRecords.NextOf(records, partition, row) == PartitionedRecords.NextOf(records, partition, until));

    private static void Commit(HistoryKeeper keeper, RecordBatch records, int row)
    {
        for (var partition = 0; partition < Partitions; partition++)
            keeper.Committed(PartitionedRecords.Topic, partition, PartitionedRecords.NextOf(records, partition, row));
    }

    private static (KeyHistory History, RecordBatch Records) Remembering()
    {
        var spec = HistoryRecords.Options().ToSpec();
        return (new KeyHistory(spec), PartitionedRecords.Make(spec, 1_000, 60, Partitions, seed: 9));
    }

    private static DetectorOptions Options(HistoryOptions? history = null, int memoryMib = 64)
    {
        var options = HistoryRecords.Options(memoryMib);
        options.History = history ?? options.History;
        return options;
    }

    private HistoryKeeper Keeper(KeyHistory keys, int memoryMib = 64, HistoryOptions? history = null) =>
        new(new DetectorContext(Options(history, memoryMib), _metrics, _time, _log), keys, _folder.Path);

    private string[] Files() => [.. Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private double Counted(string outcome) => _meters.Read().GetValueOrDefault($"aeanomaly.history.files{{detector=payments,outcome={outcome}}}");

    // Until what is due is written.
    private async Task SaveAsync(HistoryKeeper keeper)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        keeper.Advance(isTick: false);
        await Eventually.TrueAsync(() => Step(keeper) && !keeper.IsSaving, TimeSpan.FromSeconds(30), "it is written");
    }

    private async Task<string> WrittenAsync(HistoryOptions options, int cards)
    {
        var spec = Options(options).ToSpec();
        var history = new KeyHistory(spec);
        await using var keeper = Keeper(history, history: options);
        history.Take(PartitionedRecords.Make(spec, 50, cards, 1, seed: 8));
        await SaveAsync(keeper);
        return Assert.Single(Files());
    }

    private async Task AssertRefused(HistoryOptions options, string path, string reason, string? topicId = PartitionedRecords.TopicId)
    {
        _log.Lines.Clear();
        var before = Counted("refused");
        var history = new KeyHistory(Options(options).ToSpec());
        await using var keeper = Keeper(history, history: options);

        Assert.Null(keeper.TakeOver(PartitionedRecords.Topic, 0, topicId, 10_000));

        Assert.Equal(before + 1, Counted("refused"));
        Assert.Equal(0, history.Keys);
        Assert.Empty(history.Partitions);
        var line = Assert.Single(_log.Lines);
        Assert.Contains(path, line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
    }

    private sealed class NotedLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Add(formatter(state, exception));
        }
    }
}

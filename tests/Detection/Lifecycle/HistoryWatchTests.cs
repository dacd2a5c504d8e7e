using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.History;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Detection.Tests.Lifecycle;

/// <summary>Keys whose records come in several partitions, or dated ahead: counted, and said for an hour.</summary>
public sealed class HistoryWatchTests : IDisposable
{
    private readonly TestMeters _meters = new();
    private readonly WatchedTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly KeyHistory _history = new(HistoryRecords.Options(64).ToSpec());
    private readonly HistoryWatch _watch;

    public HistoryWatchTests() => _watch = new HistoryWatch(new DetectorContext(HistoryRecords.Options(64), new DetectionMetrics(_meters), _time, NullLogger.Instance), _history);

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Look_EachKeyInAPartitionOfItsOwn_SaysNothing()
    {
        Take(("a", 0), ("b", 1), ("a", 0), ("c", 0), ("b", 1));

        Assert.Null(_watch.Notice);
        Assert.Equal(0, _history.Scattered);
    }

    [Fact]
    public void Look_KeyInTwoPartitions_SaysWhichAndWhatToDoForAnHour()
    {
        Take(("a", 0), ("b", 1), ("a", 2), ("a", 2), ("a", 0));

        Assert.Equal(2, _history.Scattered);
        Assert.Equal(
            "records of one card come in several partitions, say payments/2 and payments/0: their history is not exact; produce with card as the message key, or set history.repartition",
            _watch.Notice);

        _time.Advance(TimeSpan.FromMinutes(59));
        Take(("b", 2));
        Assert.Contains("payments/2 and payments/0", _watch.Notice, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromMinutes(1));
        Take(("b", 2));
        Assert.Null(_watch.Notice);

        Take(("b", 1));
        Assert.Contains("payments/2 and payments/1", _watch.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_ClockFieldMoreThanAnHourAheadOfTheBroker_SaysWhichAndByHowMuch()
    {
        TakeDated(1_700_000_000 + 3_600);
        Assert.Null(_watch.Notice);
        Assert.Equal(0, _history.Ahead);

        TakeDated(1_700_000_000 + 7_200);

        Assert.Equal(1, _history.Ahead);
        Assert.Equal(
            "records are dated ahead by their field time, say offset 41 of payments/0 by 2 h: for what is remembered they count at the broker's time; correct the clock or the time zone of who writes them, or name another field as history.clock",
            _watch.Notice);
    }

    [Fact]
    public void Look_DatedBeyondAnyCalendarOrWithoutABrokersTime_IsCountedOrTakenAsItIs()
    {
        TakeDated(1e300);
        TakeDated(1e300, brokerMs: -1);

        Assert.Equal(1, _history.Ahead);
        Assert.Contains("say offset 41 of payments/0", _watch.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_ScatteredAndAhead_SaysBoth()
    {
        Take(("a", 0), ("a", 2));
        TakeDated(1_800_000_000);

        Assert.Contains("history.repartition; records are dated ahead", _watch.Notice, StringComparison.Ordinal);
    }

    private void TakeDated(double seconds, long brokerMs = 1_700_000_000_000)
    {
        var batch = new RecordBatch(_history.Spec, 1);
        var row = batch.Append(new RecordOrigin("payments", 0, 41, brokerMs));
        batch.SetText(HistoryRecords.Card, row, "a"u8);
        batch.SetNumber(HistoryRecords.Time, row, seconds);
        _history.Take(batch);
        _watch.Look();
    }

    private void Take(params (string Card, int Partition)[] records)
    {
        var batch = new RecordBatch(_history.Spec, records.Length);
        foreach (var (card, partition) in records)
        {
            var row = batch.Append(new RecordOrigin("payments", partition, 0, 1_700_000_000_000));
            batch.SetText(HistoryRecords.Card, row, System.Text.Encoding.UTF8.GetBytes(card));
        }

        _history.Take(batch);
        _watch.Look();
    }
}

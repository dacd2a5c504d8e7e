using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.Training;

namespace AEAnomaly.Detection.Tests.Alerts;

public sealed class EpisodeTrackerTests
{
    private const double T = PaymentRecords.Start;

    private readonly WatchedTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds((long)PaymentRecords.Start));
    private readonly AlertOptions _options = new() { EpisodeGap = TimeSpan.FromMinutes(15), MaxOpenEpisodes = 3 };

    [Fact]
    public void Add_WithinTheGap_CountsOn()
    {
        var tracker = Create();

        var first = Add(tracker, "a", 10, T);
        var second = Add(tracker, "a", 11, T + 900);
        var other = Add(tracker, "b", 12, T + 900);

        Assert.Equal((1, 2, 1), (first.Sequence, second.Sequence, other.Sequence));
        Assert.Same(first.Episode, second.Episode);
        Assert.NotEqual(first.Episode.Id, other.Episode.Id);
        Assert.Equal(2, tracker.Open);
        Assert.Empty(Closings(tracker));
    }

    [Fact]
    public void Add_EntityGoesOnAfterTheGap_OpensAndClosesTheFormerOnceThatIsSure()
    {
        var tracker = Create();
        var first = Add(tracker, "a", 10, T);

        var second = Add(tracker, "a", 11, T + 901);
        Assert.Empty(Closings(tracker));
        var third = Add(tracker, "a", 12, T + 960);

        Assert.Equal((1, 2), (second.Sequence, third.Sequence));
        Assert.NotEqual(first.Episode.Id, second.Episode.Id);
        Assert.Equal([(first.Episode.Id, "quiet")], Closings(tracker));
        Assert.Equal(1, tracker.Open);
    }

    [Fact]
    public void Add_Redelivered_GivesTheSamePlaces()
    {
        var tracker = Create();
        (long Offset, double At)[] stream = [(10, T), (11, T + 60), (12, T + 2000), (13, T + 2060)];

        var before = stream.Select(record => Add(tracker, "a", record.Offset, record.At)).Select(position => (position.Episode.Id, position.Sequence)).ToArray();
        Closings(tracker);
        var again = stream.Select(record => Add(tracker, "a", record.Offset, record.At)).Select(position => (position.Episode.Id, position.Sequence)).ToArray();
        var afterRestart = Create();
        var elsewhere = stream.Select(record => Add(afterRestart, "a", record.Offset, record.At)).Select(position => (position.Episode.Id, position.Sequence)).ToArray();

        Assert.Equal([1, 2, 1, 2], before.Select(place => place.Sequence));
        Assert.Equal(before, again);
        Assert.Equal(before, elsewhere);
        Assert.Empty(Closings(tracker));
    }

    [Fact]
    public void Add_DeviceDeliversWhatItHadBufferedAmongNewRecords_IsOneEpisodeOfItsOwn()
    {
        var tracker = Create();
        var places = new List<EpisodePosition>();
        for (var minute = 0; minute < 10; minute++)
        {
            Add(tracker, "a", 20 + (2 * minute), T + 7200 + (60 * minute));
            Add(tracker, "a", 100 + minute, T + 7200 + (60 * minute) + 1);
            places.Add(Add(tracker, "a", 21 + (2 * minute), T + (60 * minute)));
        }

        Assert.Single(places.Select(place => place.Episode).Distinct());
        Assert.Equal(Enumerable.Range(1, 10), places.Select(place => place.Sequence));
        Assert.Empty(Closings(tracker));
        _time.Advance(TimeSpan.FromMinutes(16));
        tracker.Tick();
        Assert.Equal(["late", "quiet"], Closings(tracker).Select(closing => closing.Reason).Order());
    }

    [Theory]
    [InlineData(-40 * 365 * 86_400.0)]
    [InlineData(-7200)]
    [InlineData(7200)]
    [InlineData(40 * 365 * 86_400.0)]
    public void Add_OneRecordOfAnotherTime_LeavesTheEpisodeWhole(double wrongBy)
    {
        var tracker = Create();
        var places = new List<EpisodePosition>();
        for (var minute = 0; minute < 10; minute++)
        {
            places.Add(Add(tracker, "a", 10 + minute, T - 86_400 + (60 * minute)));
            if (minute == 4)
                Add(tracker, "a", 99, T - 86_400 + (60 * minute) + wrongBy);
        }

        Assert.Equal(Enumerable.Range(1, 10), places.Select(place => place.Sequence));
        Assert.Single(places.Select(place => place.Episode).Distinct());
        Assert.Empty(Closings(tracker));
    }

    [Theory]
    [InlineData(1e9)]
    [InlineData(-7200)]
    public void Add_OthersAtAnyTime_LeavesTheEpisodeWhole(double others)
    {
        var tracker = Create();
        for (var minute = 0; minute < 10; minute++)
        {
            Assert.Equal(minute + 1, Add(tracker, "a", 10 + minute, T - 86_400 + (60 * minute)).Sequence);
            Add(tracker, "b", 30 + minute, T + others + (60 * minute));
            tracker.Tick();
        }

        Assert.Empty(Closings(tracker));
    }

    [Fact]
    public void Add_SameOffsetOfATopicMadeAnew_IsAnotherRecord()
    {
        var tracker = Create();
        var subject = new AlertSubject("card", "a", false, null, "payments|a", []);
        var first = new EpisodeMember(new RecordOrigin("payments", 0, 5, 1_000), T, "1", "v1", 2, Severity.Low);

        Assert.Equal(1, tracker.Add(subject, first).Sequence);
        Assert.Equal(1, tracker.Add(subject, first).Sequence);
        Assert.Equal(2, tracker.Add(subject, first with { Origin = first.Origin with { TimestampMs = 61_000 }, Seconds = T + 60 }).Sequence);
    }

    [Fact]
    public void Add_ManyTimesMixed_HoldsFourOfAKey()
    {
        var tracker = new EpisodeTracker("payments", new AlertOptions { EpisodeGap = TimeSpan.FromMinutes(15) }, _time);
        var first = Add(tracker, "a", 1, T);
        for (var day = 1; day <= 10; day++)
            Add(tracker, "a", 1 + day, T - (86_400 * day));

        Assert.Equal(4, tracker.Open);
        Assert.Equal((first.Episode.Id, "quiet"), Closings(tracker)[0]);
    }

    [Fact]
    public void TimeOf_DatedLaterThanNow_IsNow()
    {
        var tracker = Create();
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        foreach (var (at, broker) in new[] { (T + 1e9, 0L), (T - 7200, 0L), (double.NaN, -1L) })
            batch.SetNumber(PaymentRecords.At, batch.Append(new RecordOrigin("payments", 0, 11, broker)), at);

        Assert.Equal([T, T - 7200, T], Enumerable.Range(0, 3).Select(row => tracker.TimeOf(batch, row)));
    }

    [Fact]
    public void Tick_NoRecordForTheGap_Closes()
    {
        var tracker = Create();
        var position = Add(tracker, "a", 10, T);

        _time.Advance(TimeSpan.FromMinutes(15));
        tracker.Tick();
        Assert.Empty(Closings(tracker));
        _time.Advance(TimeSpan.FromSeconds(1));
        tracker.Tick();

        Assert.Equal([(position.Episode.Id, "quiet")], Closings(tracker));
    }

    [Fact]
    public void Add_MoreThanMayBeOpen_EvictsTheQuietestAndCounts()
    {
        var tracker = Create();
        var a = Add(tracker, "a", 10, T);
        var b = Add(tracker, "b", 11, T + 1);
        Add(tracker, "c", 12, T + 2);
        Add(tracker, "a", 13, T + 3);

        Add(tracker, "d", 14, T + 4);

        Assert.Equal([(b.Episode.Id, "evicted")], Closings(tracker));
        Assert.Equal((3, 1L), (tracker.Open, tracker.Evicted));
        Assert.Equal(3, Add(tracker, "a", 15, T + 5).Sequence);
        Assert.Equal(2, a.Episode.Records - 1);
    }

    [Fact]
    public void Add_MoreThanTheMemoryHolds_EvictsAndTellsTheBytes()
    {
        _options.MaxOpenEpisodes = 1_000_000;
        _options.EpisodeMemoryMib = 1;
        var tracker = Create();
        for (var i = 0; i < 5_000; i++)
            Add(tracker, $"key-{i}", i, T + i);

        Assert.InRange(tracker.Bytes, 1_000_000, 1_048_576);
        Assert.Equal(5_000, tracker.Open + tracker.Evicted);
        Assert.InRange(tracker.Open, 500, 2_000);
        _time.Advance(_options.EpisodeGap * 2);
        tracker.Tick();
        Assert.Equal((0, 0L), (tracker.Open, tracker.Bytes));
    }

    private EpisodeTracker Create() => new("payments", _options, _time);

    private static EpisodePosition Add(EpisodeTracker tracker, string key, long offset, double at)
    {
        var subject = new AlertSubject("card", key, false, null, "payments|" + key, []);
        return tracker.Add(subject, new EpisodeMember(new RecordOrigin("payments", 0, offset, -1), at, $"alert-{offset}", "v1", 2, Severity.Low));
    }

    private static List<(string Id, string Reason)> Closings(EpisodeTracker tracker)
    {
        var closings = new List<(string, string)>();
        for (; tracker.TryPeekClosing(out var closing); tracker.RemoveClosing())
            closings.Add((closing.Episode.Id, closing.Reason));
        return closings;
    }
}

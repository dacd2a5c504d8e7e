using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Alerts;

public sealed class EpisodeTrackerTests
{
    private const double T = PaymentRecords.Start;

    private readonly ManualTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds((long)PaymentRecords.Start));
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
    public void Add_AfterTheGap_ClosesAndOpens()
    {
        var tracker = Create();
        var first = Add(tracker, "a", 10, T);

        var second = Add(tracker, "a", 11, T + 901);

        Assert.Equal(1, second.Sequence);
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
    public void Add_OlderThanTheOpenEpisode_IsOverAtOnce()
    {
        var tracker = Create();
        var open = Add(tracker, "a", 20, T + 5000);

        var late = Add(tracker, "a", 21, T);
        var next = Add(tracker, "a", 22, T + 5100);

        Assert.Equal(1, late.Sequence);
        Assert.NotSame(open.Episode, late.Episode);
        Assert.Equal([(late.Episode.Id, "late")], Closings(tracker));
        Assert.Equal((open.Episode, 2), (next.Episode, next.Sequence));
    }

    [Fact]
    public void Observe_EventTimePastTheGap_Closes()
    {
        var tracker = Create();
        var position = Add(tracker, "a", 10, T);

        tracker.Observe(Records(0, T + 900));
        Assert.Empty(Closings(tracker));
        tracker.Observe(Records(0, T + 901));

        Assert.Equal([(position.Episode.Id, "quiet")], Closings(tracker));
        Assert.Equal(0, tracker.Open);
    }

    [Fact]
    public void Observe_OtherPartitionAhead_ClosesNothing()
    {
        var tracker = Create();
        Add(tracker, "a", 10, T);

        tracker.Observe(Records(1, T + 100_000));

        Assert.Empty(Closings(tracker));
        Assert.Equal(1, tracker.Open);
    }

    [Fact]
    public void Observe_RecordDatedAfterItsArrival_CountsAsOfItsArrival()
    {
        var tracker = Create();
        Add(tracker, "a", 10, T);
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        var row = batch.Append(new RecordOrigin("payments", 0, 11, (long)((T + 5) * 1000)));
        batch.SetNumber(PaymentRecords.At, row, T + 1e9);

        tracker.Observe(batch);

        Assert.Empty(Closings(tracker));
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
    public void Observe_OpenEpisodes_AllocatesNothing()
    {
        var tracker = Create();
        Add(tracker, "a", 10, PaymentRecords.Start + 1e7);
        var batch = PaymentRecords.Normal(1_000);

        Assert.Equal(0, Allocations.InSteadyState(() => tracker.Observe(batch)));
        Assert.Equal(1, tracker.Open);
    }

    private EpisodeTracker Create() => new("payments", _options, _time);

    private static EpisodePosition Add(EpisodeTracker tracker, string key, long offset, double at)
    {
        var subject = new AlertSubject("card", key, false, null, "payments|" + key, []);
        return tracker.Add(subject, new EpisodeMember(new RecordOrigin("payments", 0, offset, -1), at, $"alert-{offset}", "v1", 2, Severity.Low));
    }

    private static RecordBatch Records(int partition, double at)
    {
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        PaymentRecords.Add(batch, 99, "x", at, 40, "DE", 0, partition);
        return batch;
    }

    private static List<(string Id, string Reason)> Closings(EpisodeTracker tracker)
    {
        var closings = new List<(string, string)>();
        for (; tracker.TryPeekClosing(out var closing); tracker.RemoveClosing())
            closings.Add((closing.Episode.Id, closing.Reason));
        return closings;
    }
}

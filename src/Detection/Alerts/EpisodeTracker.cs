using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Groups anomalies of one dedup key into episodes by gaps in event time. Not thread-safe, but the counts may be read by any thread.</summary>
/// <remarks>
/// Holds no state across a restart: an episode that was open goes on under a new id, which is again a function of its first record. A record that is redelivered
/// to the same process gets the place it had.
/// </remarks>
internal sealed class EpisodeTracker
{
    private readonly string _detector;
    private readonly double _gapSeconds;
    private readonly int _mostOpen;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Episode> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Topic, int Partition), PartitionClock> _clocks = [];
    private readonly Queue<EpisodeClosing> _closings = new();
    private int _openCount;
    private long _evicted;

    public EpisodeTracker(string detector, AlertOptions options, TimeProvider time)
    {
        _detector = detector;
        _gapSeconds = options.EpisodeGap.TotalSeconds;
        _mostOpen = options.MaxOpenEpisodes;
        _time = time;
    }

    public int Open => Volatile.Read(ref _openCount);

    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>Gives the time by which episodes are cut: a record dated after its arrival counts as of its arrival, or one wrong clock would end every episode.</summary>
    public double TimeOf(RecordBatch batch, int row)
    {
        var seconds = EventTimes.Seconds(batch, row);
        var broker = batch.Origins[row].TimestampMs;
        if (double.IsNaN(seconds))
            return (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        return broker < 0 ? seconds : Math.Min(seconds, broker / 1000.0);
    }

    /// <summary>Places an anomaly.</summary>
    public EpisodePosition Add(AlertSubject subject, in EpisodeMember member)
    {
        var clock = ClockOf(member.Origin);
        clock.Advance(member.Seconds, _time.GetTimestamp());
        if (!_open.TryGetValue(subject.DedupKey, out var episode))
            return Start(subject, member, clock, null);

        for (var known = episode; known is not null; known = known.Previous)
        {
            if (known.SequenceOf(member.Origin) is > 0 and var sequence)
                return new EpisodePosition(known, sequence);
        }

        if (member.Seconds > episode.LastSeconds + _gapSeconds)
        {
            Close(episode, "quiet");
            episode.Previous = null;
            return Start(subject, member, clock, episode);
        }

        if (member.Seconds >= episode.FirstSeconds - _gapSeconds)
            return new EpisodePosition(episode, episode.Add(member));

        // Older than anything the open episode could hold: an episode of its own that is over already.
        var late = new Episode(_detector, subject, member) { Closed = true };
        _closings.Enqueue(new EpisodeClosing(late, "late"));
        return new EpisodePosition(late, 1);
    }

    /// <summary>Moves event time by the records of a batch and ends the episodes it has passed. Costs nothing while no episode is open; allocates nothing when none ends.</summary>
    public void Observe(RecordBatch batch)
    {
        if (_open.Count == 0)
            return;

        var timestamp = _time.GetTimestamp();
        var origins = batch.Origins;
        PartitionClock? clock = null;
        for (var row = 0; row < origins.Length; row++)
        {
            if (clock is null || origins[row].Partition != origins[row - 1].Partition || !ReferenceEquals(origins[row].Topic, origins[row - 1].Topic))
                clock = ClockOf(origins[row]);
            clock.Advance(TimeOf(batch, row), timestamp);
        }

        foreach (var (_, partition) in _clocks)
            CloseBefore(partition, partition.Seconds - _gapSeconds);
    }

    /// <summary>Ends the episodes whose gap passed while no record came.</summary>
    public void Tick()
    {
        if (_open.Count == 0)
            return;
        foreach (var (_, partition) in _clocks)
            CloseBefore(partition, partition.Now(_time) - _gapSeconds);
    }

    /// <summary>Gives the next episode that ended, in the order in which they did; it stays the next until <see cref="RemoveClosing"/>, so that a failing output loses none.</summary>
    public bool TryPeekClosing(out EpisodeClosing closing) => _closings.TryPeek(out closing);

    /// <summary>Removes the episode that <see cref="TryPeekClosing"/> gave.</summary>
    public void RemoveClosing() => _closings.Dequeue();

    private EpisodePosition Start(AlertSubject subject, in EpisodeMember member, PartitionClock clock, Episode? previous)
    {
        if (_open.Count >= _mostOpen)
            Evict();
        var episode = new Episode(_detector, subject, member) { Previous = previous };
        _open.Add(subject.DedupKey, episode);
        clock.Track(episode);
        Volatile.Write(ref _openCount, _open.Count);
        return new EpisodePosition(episode, 1);
    }

    private void CloseBefore(PartitionClock clock, double seconds)
    {
        while (clock.Oldest() is { } episode && episode.LastSeconds < seconds)
            Close(episode, "quiet");
    }

    private void Evict()
    {
        Episode? oldest = null;
        foreach (var (_, clock) in _clocks)
        {
            if (clock.Oldest() is { } candidate && (oldest is null || candidate.LastSeconds < oldest.LastSeconds))
                oldest = candidate;
        }

        if (oldest is null)
            return;
        Close(oldest, "evicted");
        Volatile.Write(ref _evicted, _evicted + 1);
    }

    private void Close(Episode episode, string reason)
    {
        episode.Closed = true;
        _open.Remove(episode.Subject.DedupKey);
        _closings.Enqueue(new EpisodeClosing(episode, reason));
        Volatile.Write(ref _openCount, _open.Count);
    }

    private PartitionClock ClockOf(in RecordOrigin origin)
    {
        if (!_clocks.TryGetValue((origin.Topic, origin.Partition), out var clock))
            _clocks.Add((origin.Topic, origin.Partition), clock = new PartitionClock());
        return clock;
    }
}

using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Groups anomalies of one dedup key into episodes. Not thread-safe, but the counts may be read by any thread.</summary>
/// <remarks>
/// Which anomalies belong together is told by the event times of their own key alone, so it does not depend on how records fall into batches, nor on the clocks of
/// others. That nothing more comes is told by the clock of this process alone: event times of other records say nothing about it, and one wrong one would end all.
/// A record that is redelivered gets the place it had: to the same process as long as its episode is open, to another one, or after a restart, as far back as the alerts
/// published before were handed over (<see cref="Recall"/>). An episode that they tell of goes on; where they tell of none, a new one begins.
/// </remarks>
internal sealed partial class EpisodeTracker
{
    private readonly string _detector;
    private readonly TimeSpan _gap;
    private readonly double _gapSeconds;
    private readonly int _mostOpen;
    private readonly long _mostBytes;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, KeyEpisodes> _keys = new(StringComparer.Ordinal);
    private readonly LinkedList<Episode> _byArrival = new();
    private readonly Queue<EpisodeClosing> _closings = new();
    private int _openCount;
    private long _bytes;
    private long _evicted;

    public EpisodeTracker(string detector, AlertOptions options, TimeProvider time)
    {
        _detector = detector;
        _gap = options.EpisodeGap;
        _gapSeconds = options.EpisodeGap.TotalSeconds;
        _mostOpen = options.MaxOpenEpisodes;
        _mostBytes = options.EpisodeMemoryMib * 1_048_576L;
        _time = time;
    }

    public int Open => Volatile.Read(ref _openCount);

    /// <summary>Gets about how many bytes the open episodes take.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>Gives the time by which anomalies are grouped: the event time, or now for a record that is dated later than now, or not at all.</summary>
    public double TimeOf(RecordBatch batch, int row)
    {
        var seconds = EventTimes.Seconds(batch, row);
        var now = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        return seconds <= now ? seconds : now;
    }

    /// <summary>Places an anomaly.</summary>
    public EpisodePosition Add(AlertSubject subject, in EpisodeMember member)
    {
        if (_published.TryGetValue(member.Origin, out var place))
            return place;
        if (!_keys.TryGetValue(subject.DedupKey, out var key))
            _keys.Add(subject.DedupKey, key = new KeyEpisodes());
        else if (key.Find(member.Origin) is { } known)
            return known;

        var sequence = 1;
        if (key.At(member.Seconds, _gapSeconds) is { } episode)
        {
            LeaveOrder(episode);
            sequence = episode.Add(member);
        }
        else
        {
            episode = new Episode(_detector, subject, member, key.HasLater(member.Seconds));
            key.Open(episode);
        }

        JoinOrder(episode);
        key.Pass(episode, member.Seconds, _gapSeconds);
        while (key.FindOver(episode) is { } over)
            Close(over, QuietReason(over));
        while (_byArrival.Count > _mostOpen || (_bytes > _mostBytes && _byArrival.Count > 1))
            Evict();
        return new EpisodePosition(episode, sequence);
    }

    /// <summary>Takes back the anomaly placed last, of which nobody can be told: an episode that it opened was never there.</summary>
    public void Withdraw(in EpisodePosition position)
    {
        if (position is { Sequence: 1, Episode.Records: 1 } && position.Episode.ByArrival.List is not null)
            Remove(position.Episode);
    }

    /// <summary>Ends the episodes that nothing was added to for the gap, by the clock of this process.</summary>
    public void Tick()
    {
        while (_byArrival.First?.Value is { } quietest && _time.GetElapsedTime(quietest.ArrivedAt) > _gap)
            Close(quietest, QuietReason(quietest));
        ForgetPublished();
    }

    /// <summary>Gives the next episode that ended, in the order in which they did; it stays the next until <see cref="RemoveClosing"/>, so that a failing output loses none.</summary>
    public bool TryPeekClosing(out EpisodeClosing closing) => _closings.TryPeek(out closing);

    /// <summary>Removes the episode that <see cref="TryPeekClosing"/> gave.</summary>
    public void RemoveClosing() => _closings.Dequeue();

    private static string QuietReason(Episode episode) => episode.IsLate ? "late" : "quiet";

    private void Evict()
    {
        Close(_byArrival.First!.Value, "evicted");
        Volatile.Write(ref _evicted, _evicted + 1);
    }

    private void Close(Episode episode, string reason)
    {
        Remove(episode);
        _closings.Enqueue(new EpisodeClosing(episode, reason));
    }

    private void JoinOrder(Episode episode)
    {
        episode.ArrivedAt = _time.GetTimestamp();
        _byArrival.AddLast(episode.ByArrival);
        Volatile.Write(ref _bytes, _bytes + episode.SizeBytes);
        Volatile.Write(ref _openCount, _byArrival.Count);
    }

    // Its size is what it was when it joined.
    private void LeaveOrder(Episode episode)
    {
        _byArrival.Remove(episode.ByArrival);
        Volatile.Write(ref _bytes, _bytes - episode.SizeBytes);
        Volatile.Write(ref _openCount, _byArrival.Count);
    }

    private void Remove(Episode episode)
    {
        LeaveOrder(episode);
        var key = _keys[episode.Subject.DedupKey];
        key.Close(episode);
        if (key.IsEmpty)
            _keys.Remove(episode.Subject.DedupKey);
    }
}

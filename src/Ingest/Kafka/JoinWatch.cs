namespace AEAnomaly.Ingest.Kafka;

/// <summary>Finds out that a client does not get into its group although a broker answers. One thread.</summary>
/// <remarks>
/// A join is waited for as long as the slowest member may take, and librdkafka gives its request up only after max.poll.interval.ms (5 min): an answer that does not come, or a client
/// that got stuck, would keep a detector from its records for as long, or for good. Whoever waits again waits twice as long, since others may really be that slow.
/// </remarks>
/// <param name="first">How long the first join may take; null to wait without end.</param>
/// <param name="time">Clock.</param>
internal sealed class JoinWatch(TimeSpan? first, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private long? _since;
    private int _times = 1;

    /// <summary>Gets how long the join that is watched may take, or null.</summary>
    public TimeSpan? Bound => _times * first > Longest ? Longest : _times * first;

    /// <summary>Notes that the client is in the group: its next join is its first again.</summary>
    public void NoteJoined() => (_since, _times) = (null, 1);

    /// <summary>Tells whether the client tries in vain and another should; that one is then given twice the time.</summary>
    /// <param name="isJoining">Whether it tries to join, and nothing is known that keeps it from it.</param>
    public bool IsInVain(bool isJoining)
    {
        if (!isJoining)
        {
            _since = null;
            return false;
        }

        if (Bound is not { } bound)
            return false;
        _since ??= time.GetTimestamp();
        if (time.GetElapsedTime(_since.Value) < bound)
            return false;
        _since = null;
        if (bound < Longest)
            _times *= 2;
        return true;
    }
}

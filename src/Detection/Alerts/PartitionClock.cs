namespace AEAnomaly.Detection.Alerts;

/// <summary>Tells how far event time has come in one partition, and which of its open episodes end next.</summary>
/// <remarks>One for each partition: when a daemon catches up, partitions are hours apart, and the fastest must not end the episodes of the slowest.</remarks>
internal sealed class PartitionClock
{
    private readonly PriorityQueue<Episode, double> _open = new();
    private double _seconds = double.NegativeInfinity;
    private long _movedAt;

    public void Advance(double seconds, long timestamp)
    {
        _movedAt = timestamp;
        if (seconds > _seconds)
            _seconds = seconds;
    }

    public void Track(Episode episode) => _open.Enqueue(episode, episode.LastSeconds);

    /// <summary>Gives event time now; it goes on by the wall clock while no record comes.</summary>
    public double Now(TimeProvider time) => _seconds + time.GetElapsedTime(_movedAt).TotalSeconds;

    /// <summary>Gives event time as the records tell it.</summary>
    public double Seconds => _seconds;

    /// <summary>Finds the open episode whose last anomaly is the oldest.</summary>
    public Episode? Oldest()
    {
        while (_open.TryPeek(out var episode, out var seconds))
        {
            if (episode.Closed)
                _open.Dequeue();
            else if (seconds < episode.LastSeconds)
                _open.DequeueEnqueue(episode, episode.LastSeconds);
            else
                return episode;
        }

        return null;
    }
}

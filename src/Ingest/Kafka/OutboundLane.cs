namespace AEAnomaly.Ingest.Kafka;

/// <summary>Holds what waits to be produced to one topic, and what keeps it from being: a topic that refuses holds up its own messages only. One thread.</summary>
internal sealed class OutboundLane(string topic, TimeProvider time)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    private readonly Queue<OutboundMessage> _toProduce = new();
    private long _retryAt;
    private TimeSpan _retryDelay = FirstRetry;

    public string Topic { get; } = topic;

    /// <summary>Gets what keeps messages from being delivered, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Gets the bytes handed over and not acknowledged, with the copies that the client holds.</summary>
    public long WaitingBytes { get; set; }

    /// <summary>Gets whether it is time to produce what waits.</summary>
    public bool MayProduce => _toProduce.Count > 0 && (Problem is null || time.GetTimestamp() >= _retryAt);

    public void Enqueue(OutboundMessage message) => _toProduce.Enqueue(message);

    public bool TryPeek(out OutboundMessage message) => _toProduce.TryPeek(out message!);

    public void Dequeue() => _toProduce.Dequeue();

    public void Clear() => _toProduce.Clear();

    /// <summary>Notes a delivery.</summary>
    /// <returns>Whether messages had been refused before.</returns>
    public bool Recover()
    {
        var wasRefused = Problem is not null;
        (Problem, _retryDelay) = (null, FirstRetry);
        return wasRefused;
    }

    /// <summary>Notes a refusal, and waits longer from time to time.</summary>
    /// <returns>The pause before the next attempt, or null where it is known already.</returns>
    public TimeSpan? Fail(string problem)
    {
        var isNew = Problem is null;
        Problem = problem;
        if (!isNew && time.GetTimestamp() < _retryAt)
            return null;
        var pause = _retryDelay;
        _retryAt = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        _retryDelay = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestRetry.Ticks));
        return pause;
    }

    /// <summary>Tells whether the pause after a refusal is over.</summary>
    public bool IsPauseOver => time.GetTimestamp() >= _retryAt;
}

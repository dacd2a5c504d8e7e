namespace AEAnomaly.Ingest.Kafka;

/// <summary>Bounds how many lines of one kind are logged: a broken producer must not fill the log. One thread.</summary>
internal sealed class LineBudget(TimeProvider time)
{
    private const int PerInterval = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long _since;
    private int _written;
    private long _suppressed;

    /// <summary>Asks whether one more line may be written.</summary>
    /// <param name="suppressed">How many were not since the last one; counted once.</param>
    public bool MayWrite(out long suppressed)
    {
        suppressed = 0;
        if (_since == 0 || time.GetElapsedTime(_since) >= Interval)
        {
            suppressed = _suppressed;
            (_since, _written, _suppressed) = (time.GetTimestamp(), 0, 0);
        }

        if (_written++ < PerInterval)
            return true;
        _suppressed++;
        return false;
    }
}

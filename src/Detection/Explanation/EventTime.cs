namespace AEAnomaly.Detection.Explanation;

/// <summary>Converts seconds since 1970-01-01 UTC; a record may carry a number that no calendar holds.</summary>
internal static class EventTime
{
    public static DateTimeOffset? FromSeconds(double seconds)
    {
        var ticks = seconds * TimeSpan.TicksPerSecond;
        var first = (DateTimeOffset.MinValue - DateTimeOffset.UnixEpoch).Ticks;
        var last = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks;

        // Microseconds: a double holds no more for today's dates.
        return ticks >= first && ticks <= last - TimeSpan.TicksPerSecond
            ? DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(ticks / TimeSpan.TicksPerMicrosecond) * TimeSpan.TicksPerMicrosecond)
            : null;
    }
}

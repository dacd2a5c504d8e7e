namespace AEAnomaly.Ingest.Files;

/// <summary>Turns seconds into message timestamps.</summary>
internal static class ReplayTime
{
    private static readonly double LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
    private static readonly double FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();

    /// <summary>Converts, to the millisecond.</summary>
    /// <param name="seconds">Seconds since 1970-01-01 UTC.</param>
    /// <param name="place">File and line, for the message.</param>
    /// <exception cref="RecordFileException">The moment lies outside the years 1 to 9999.</exception>
    public static DateTimeOffset ToTimestamp(double seconds, string place)
    {
        if (seconds < FirstSecond || seconds > LastSecond)
            throw new RecordFileException(FormattableString.Invariant($"{place}: expected a time between the years 1 and 9999, found {seconds} seconds since 1970."));
        return DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000));
    }
}

using System.Globalization;

namespace AEAnomaly.Detection.Records;

/// <summary>Tells when records happened: by the event-time field where there is a value, else by the broker's timestamp.</summary>
public static class EventTimes
{
    /// <summary>Gives a record's event time in seconds since 1970-01-01 UTC, or NaN when nothing tells it.</summary>
    /// <param name="batch">Records.</param>
    /// <param name="row">Row.</param>
    public static double Seconds(RecordBatch batch, int row)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var field = batch.Spec.EventTimeField;
        var seconds = field < 0 ? double.NaN : batch.Numbers(field)[row];
        return double.IsNaN(seconds) ? batch.Origins[row].Seconds : seconds;
    }

    /// <summary>Converts seconds since 1970-01-01 UTC; null for NaN, and for a number that no calendar holds.</summary>
    /// <param name="seconds">Seconds.</param>
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

    /// <summary>Writes seconds since 1970-01-01 UTC as RFC 3339; null for a number that no calendar holds.</summary>
    /// <param name="seconds">Seconds.</param>
    public static string? Write(double seconds) => FromSeconds(seconds)?.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);

    /// <summary>Gives the oldest and newest event time of a batch, null where none is known.</summary>
    /// <param name="batch">Records.</param>
    public static (DateTimeOffset? From, DateTimeOffset? To) Range(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        double from = double.PositiveInfinity, to = double.NegativeInfinity;
        for (var row = 0; row < batch.Count; row++)
        {
            // NaN fails both comparisons.
            var seconds = Seconds(batch, row);
            if (seconds < from)
                from = seconds;
            if (seconds > to)
                to = seconds;
        }

        return (FromSeconds(from), FromSeconds(to));
    }
}

using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.History;

/// <summary>Tells when a record happened, for what is remembered.</summary>
internal static class RecordClock
{
    // A record dated years ahead would let all that a key is known by fade at once, and make every later record a late one.
    private const double MostAheadSeconds = 3600;

    /// <summary>Gives the time by the clock field, else by the broker; NaN when nothing tells it. One more than an hour ahead of the broker's time is the broker's.</summary>
    public static double Seconds(RecordBatch batch, int row, int clock)
    {
        var broker = batch.Origins[row].Seconds;
        var seconds = clock < 0 ? broker : batch.Numbers(clock)[row];
        return double.IsNaN(seconds) || IsAhead(seconds, broker) ? broker : seconds;
    }

    /// <summary>Gives by how much the clock field is ahead of the broker's time where it gives way to it for that; zero where it does not.</summary>
    public static double SecondsAhead(RecordBatch batch, int row, int clock) =>
        clock >= 0 && batch.Numbers(clock)[row] is var seconds && batch.Origins[row].Seconds is var broker && IsAhead(seconds, broker) ? seconds - broker : 0;

    // NaN fails the comparison: without a broker's time there is nothing to be ahead of.
    private static bool IsAhead(double seconds, double broker) => seconds > broker + MostAheadSeconds;
}

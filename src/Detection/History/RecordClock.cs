using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.History;

/// <summary>Tells when a record happened, for what is remembered.</summary>
internal static class RecordClock
{
    // A record dated years ahead would let all that a key is known by fade at once, and make every later record a late one.
    private const double MostAheadSeconds = 3600;

    /// <summary>Gives the time by the clock field, else by the broker; NaN when nothing tells it. One more than an hour ahead of the broker's time is the broker's.</summary>
    public static double Seconds(RecordBatch batch, int row, int clock) => Seconds(batch, row, clock, out _);

    /// <summary>Gives that time, and by how many seconds the clock field was ahead where it gave way to the broker's for that; zero where it did not.</summary>
    public static double Seconds(RecordBatch batch, int row, int clock, out double ahead)
    {
        var broker = batch.Origins[row].Seconds;
        var seconds = clock < 0 ? broker : batch.Numbers(clock)[row];
        // NaN fails the comparison: without a broker's time there is nothing to be ahead of.
        ahead = seconds > broker + MostAheadSeconds ? seconds - broker : 0;
        return double.IsNaN(seconds) || ahead > 0 ? broker : seconds;
    }
}

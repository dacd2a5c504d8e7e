using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.History;

/// <summary>Leaves out of a training what was judged by a history that had just begun.</summary>
public static class HistoryWarmUp
{
    // A window shorter than the longest half-life is better learned from half warm than not at all.
    private const double LargestShare = 0.25;

    /// <summary>Leaves out the rows of the first stretch: one longest half-life, but no more than a quarter of the time that the rows span.</summary>
    /// <param name="records">Records with the features of their history.</param>
    /// <param name="rows">Rows to learn from.</param>
    /// <returns>The others, in their order; all of them where nothing is remembered, or nothing tells the time.</returns>
    public static int[] Without(RecordBatch records, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(rows);
        if (records.Spec.History is not { } history)
            return rows;
        double first = double.PositiveInfinity, last = double.NegativeInfinity;
        foreach (var row in rows)
        {
            // NaN fails both comparisons.
            var seconds = RecordClock.Seconds(records, row, history.Clock);
            if (seconds < first)
                first = seconds;
            if (seconds > last)
                last = seconds;
        }

        var from = first + Math.Min(history.Longest.TotalSeconds, LargestShare * (last - first));
        return double.IsFinite(from) ? Array.FindAll(rows, row => !(RecordClock.Seconds(records, row, history.Clock) < from)) : rows;
    }
}

using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;

namespace AEAnomaly.Detection.Training;

/// <summary>Splits a training window into what the current version takes for normal and what it flags, so that no version learns from what was just flagged.</summary>
/// <remarks>
/// When more than <see cref="LargestFlaggedShare"/> of a window is flagged, leaving all of it out would teach the next version a remnant that fits the old one:
/// drift could never be learned. Learning from it all could teach an attack. Neither is decided by a schedule; the current version stays and a person decides.
/// </remarks>
public static class WindowFilter
{
    /// <summary>The share of flagged records above which a window is not split but left to a person.</summary>
    public const double LargestFlaggedShare = 0.2;

    /// <summary>Finds what a version flags.</summary>
    /// <param name="window">Records of the window.</param>
    /// <param name="current">Version that scores now.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Their rows, by ascending ratio.</returns>
    public static int[] FlaggedRows(RecordBatch window, ModelSnapshot current, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(current);
        var scores = new RecordScorer(current.Encoder, current.Model).Score(window);
        var flagged = new List<(double Ratio, int Row)>();
        for (var row = 0; row < window.Count; row++)
        {
            if ((row & 0xFFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (current.Threshold.Ratio(scores[row]) is > 1 and var ratio)
                flagged.Add((ratio, row));
        }

        flagged.Sort();
        return [.. flagged.Select(record => record.Row)];
    }

    /// <summary>Takes records out of a window; the others stay there, in their order.</summary>
    /// <param name="window">Records of the window.</param>
    /// <param name="rows">Rows to take out, each once.</param>
    /// <returns>The records taken out, in the order of <paramref name="rows"/>.</returns>
    public static RecordBatch TakeOut(RecordBatch window, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(rows);
        var taken = new RecordBatch(window.Spec, Math.Max(rows.Length, 1));
        var stays = new bool[window.Count];
        Array.Fill(stays, true);
        foreach (var row in rows)
        {
            taken.AppendFrom(window, row);
            stays[row] = false;
        }

        window.KeepOnly([.. Enumerable.Range(0, window.Count).Where(row => stays[row])]);
        return taken;
    }
}

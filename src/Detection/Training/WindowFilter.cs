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

    /// <summary>Splits a window.</summary>
    /// <param name="window">Records of the window.</param>
    /// <param name="current">Version that scores now.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The normal records in their order, and the flagged ones by ascending ratio.</returns>
    public static (RecordBatch Normal, RecordBatch Flagged) Split(RecordBatch window, ModelSnapshot current, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(current);
        var scores = new RecordScorer(current.Encoder, current.Model).Score(window);
        var normal = new RecordBatch(window.Spec, Math.Max(window.Count, 1));
        var flagged = new List<(double Ratio, int Row)>();
        for (var row = 0; row < window.Count; row++)
        {
            if ((row & 0xFFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var ratio = current.Threshold.Ratio(scores[row]);
            if (ratio > 1)
                flagged.Add((ratio, row));
            else
                normal.AppendFrom(window, row);
        }

        flagged.Sort();
        var anomalies = new RecordBatch(window.Spec, Math.Max(flagged.Count, 1));
        foreach (var (_, row) in flagged)
            anomalies.AppendFrom(window, row);
        return (normal, anomalies);
    }
}

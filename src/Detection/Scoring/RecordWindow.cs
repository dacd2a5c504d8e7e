using AEAnomaly.Detection.Features;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Scoring;

/// <summary>Finds what a network read to score one record: the record itself, or the window that ends at it.</summary>
internal static class RecordWindow
{
    /// <summary>Copies the features and flags that the record's score came from.</summary>
    /// <param name="record">The record, encoded.</param>
    /// <param name="model">Network.</param>
    /// <param name="row">Row in the batch that was scored last.</param>
    /// <param name="scorer">What scored the batch and kept the record's window; only for a network that reads windows.</param>
    /// <param name="values">Receives <c>[Window, Layout.Width]</c>.</param>
    /// <param name="missing">Receives <c>[Window, Layout.BlockCount]</c>.</param>
    /// <exception cref="ArgumentException">The network reads windows and the record's was not kept.</exception>
    public static void Copy(EncodedRows record, FrozenModel model, int row, RecordScorer? scorer, Span<float> values, Span<byte> missing)
    {
        ReadOnlySpan<float> found = record.Values;
        ReadOnlySpan<byte> flags = record.Missing;
        if (model.Window > 1 && (scorer is null || !scorer.TryGetWindow(row, out found, out flags)))
        {
            throw new ArgumentException(
                $"The window of {model.Window} records that ends at row {row} was not kept; it is not full, or its score is at or below {nameof(RecordScorer)}.{nameof(RecordScorer.KeepWindowsAbove)}.",
                nameof(scorer));
        }

        found.CopyTo(values);
        flags.CopyTo(missing);
    }
}

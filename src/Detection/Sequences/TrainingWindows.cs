using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Sequences;

/// <summary>Finds the windows of a training: encoded records grouped by key, in their order, and where windows begin.</summary>
/// <param name="Values">Features, row-major <c>[records, width]</c>.</param>
/// <param name="Missing">Flags, row-major <c>[records, blocks]</c>, or null when nothing is missing.</param>
/// <param name="Records">Number of records.</param>
/// <param name="Normal">First record of each window without a flagged record, ascending.</param>
/// <param name="Flagged">First record of each window whose last record is flagged, ascending.</param>
internal sealed record TrainingWindows(float[] Values, byte[]? Missing, int Records, int[] Normal, int[] Flagged)
{
    /// <summary>Builds the windows; records that were taken out go back to their place, so that no window closes over a gap.</summary>
    /// <param name="encoder">Fitted encoder.</param>
    /// <param name="normal">Records to learn from, in order for each key.</param>
    /// <param name="flagged">Records taken out, in any order, or null.</param>
    /// <param name="window">Records of a window.</param>
    public static TrainingWindows Build(FeatureEncoder encoder, RecordBatch normal, RecordBatch? flagged, int window)
    {
        var (records, isFlagged) = flagged is { Count: > 0 } ? Merge(normal, flagged) : (normal, new bool[normal.Count]);
        var sequences = Group(records, out var lengths);
        var rows = new EncodedRows();
        encoder.Encode(records, 0, records.Count, rows);
        var values = new float[records.Count * rows.Width];
        var missing = rows.AnyMissing ? new byte[records.Count * rows.Blocks] : null;
        for (var i = 0; i < sequences.Length; i++)
        {
            rows.Values.Slice(sequences[i] * rows.Width, rows.Width).CopyTo(values.AsSpan(i * rows.Width));
            if (missing is not null)
                rows.Missing.Slice(sequences[i] * rows.Blocks, rows.Blocks).CopyTo(missing.AsSpan(i * rows.Blocks));
        }

        var (normals, flaggeds) = (new List<int>(), new List<int>());
        var start = 0;
        foreach (var length in lengths)
        {
            var lastFlagged = int.MinValue;
            var unbrokenFrom = 0;
            for (var i = 0; i < length; i++)
            {
                if (records.FollowsGap(sequences[start + i]))
                    unbrokenFrom = i;
                if (isFlagged[sequences[start + i]])
                    lastFlagged = i;
                if (i < unbrokenFrom + window - 1)
                    continue;
                if (lastFlagged == i)
                    flaggeds.Add(start + i - window + 1);
                else if (lastFlagged <= i - window)
                    normals.Add(start + i - window + 1);
            }

            start += length;
        }

        return new TrainingWindows(values, missing, records.Count, [.. normals], [.. flaggeds]);
    }

    /// <summary>Makes the set to train on.</summary>
    /// <exception cref="ArgumentException">No key has enough records for a window.</exception>
    public TrainingSet ToSet(FeatureEncoder encoder, int window) => Normal.Length >= ModelTrainer.MinRows
        ? new TrainingSet(encoder.Layout, Values, Records, Missing, window, Normal)
        : throw new ArgumentException(
            $"{Records} records hold {Normal.Length} windows of {window} records of one {(encoder.Spec.EntityField < 0 ? "partition" : "key")}; "
            + $"at least {ModelTrainer.MinRows} are needed. Give more records, a shorter window, or a key that more records share.");

    // By where they came from: both batches hold what one reading of the history gave.
    private static (RecordBatch Records, bool[] IsFlagged) Merge(RecordBatch normal, RecordBatch flagged)
    {
        var order = new (string Topic, int Partition, long Offset, int Row)[normal.Count + flagged.Count];
        for (var row = 0; row < order.Length; row++)
        {
            var origin = row < normal.Count ? normal.Origins[row] : flagged.Origins[row - normal.Count];
            order[row] = (origin.Topic, origin.Partition, origin.Offset, row);
        }

        Array.Sort(order, (a, b) =>
            string.CompareOrdinal(a.Topic, b.Topic) is not 0 and var topic ? topic
            : a.Partition != b.Partition ? a.Partition.CompareTo(b.Partition)
            : a.Offset.CompareTo(b.Offset));
        var records = new RecordBatch(normal.Spec, order.Length);
        var isFlagged = new bool[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            isFlagged[i] = order[i].Row >= normal.Count;
            records.AppendFrom(isFlagged[i] ? flagged : normal, isFlagged[i] ? order[i].Row - normal.Count : order[i].Row);
        }

        return (records, isFlagged);
    }

    // Rows key after key, each key's in their order, keys by first appearance.
    private static int[] Group(RecordBatch records, out int[] lengths)
    {
        var indices = new Dictionary<byte[], int>(Utf8Comparer.Instance);
        var byBytes = indices.GetAlternateLookup<ReadOnlySpan<byte>>();
        var sequence = new int[records.Count];
        var counts = new List<int>();
        var key = new SequenceKey();
        for (var row = 0; row < sequence.Length; row++)
        {
            var name = key.Of(records, row);
            if (!byBytes.TryGetValue(name, out sequence[row]))
            {
                sequence[row] = counts.Count;
                byBytes[name] = counts.Count;
                counts.Add(0);
            }

            counts[sequence[row]]++;
        }

        lengths = [.. counts];
        var next = new int[lengths.Length];
        for (var i = 1; i < next.Length; i++)
            next[i] = next[i - 1] + lengths[i - 1];
        var rows = new int[sequence.Length];
        for (var row = 0; row < rows.Length; row++)
            rows[next[sequence[row]]++] = row;
        return rows;
    }
}

using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Sequences;

/// <summary>Takes some of a file's records, so that no window spans those left out.</summary>
public static class SequenceRows
{
    /// <summary>Copies records in their order; one that follows a record of the same key (or partition, without a key) that is left out is marked by <see cref="RecordBatch.MarkGap"/>.</summary>
    /// <param name="source">All records, in order for each key.</param>
    /// <param name="rows">Rows to take, ascending.</param>
    public static RecordBatch Take(RecordBatch source, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(source);
        var taken = new RecordBatch(source.Spec, Math.Max(1, rows.Length));
        var isBroken = new Dictionary<byte[], bool>(Utf8Comparer.Instance);
        var byBytes = isBroken.GetAlternateLookup<ReadOnlySpan<byte>>();
        var key = new SequenceKey();
        var next = 0;
        for (var row = 0; row < source.Count && next < rows.Length; row++)
        {
            var name = key.Of(source, row);
            if (rows[next] != row)
            {
                byBytes[name] = true;
                continue;
            }

            next++;
            var copy = taken.AppendFrom(source, row);
            if (byBytes.TryGetValue(name, out var broken) && broken)
            {
                taken.MarkGap(copy);
                byBytes[name] = false;
            }
        }

        return next == rows.Length ? taken : throw new ArgumentException($"Row {rows[next]} is not among {source.Count} records, or the rows do not ascend.", nameof(rows));
    }
}

using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.History;

/// <summary>Builds the history of a training window over all of its records, and keeps as many of them, with their features, as are to be learned from.</summary>
/// <remarks>Every n-th record is kept, n doubling as they come: evenly over the window, the same ones whenever the same window is read.</remarks>
internal sealed class HistorySample
{
    /// <summary>Records that are taken over at a time.</summary>
    public const int ChunkRecords = 1024;

    private readonly KeyHistory _history;
    private readonly int _wanted;
    private readonly int _least;
    private readonly RecordBatch _kept;
    private long _read;
    private long _step = 1;

    /// <summary>Creates an empty sample.</summary>
    /// <param name="spec">Fields, and what is remembered.</param>
    /// <param name="wanted">Records to learn from at most.</param>
    /// <param name="least">Records to learn from at least; where no more were read, none is left out.</param>
    public HistorySample(FeatureSpec spec, int wanted, int least)
    {
        _history = new KeyHistory(spec);
        (_wanted, _least) = (wanted, least);
        _kept = new RecordBatch(spec, Math.Min(wanted, ChunkRecords));
    }

    /// <summary>Takes records over once there are enough to be worth it, and empties what held them.</summary>
    public void Arrived(RecordBatch records)
    {
        if (records.Count >= ChunkRecords)
            Take(records);
    }

    /// <summary>Takes the last records over, and gives those to learn from: without the stretch that only warmed the history up.</summary>
    /// <param name="rest">What was read since.</param>
    public RecordBatch Finish(RecordBatch rest)
    {
        Take(rest);
        int[] all = [.. Enumerable.Range(0, _kept.Count)];
        var rows = HistoryWarmUp.Without(_kept, all) is var warm && warm.Length >= _least ? warm : all;
        var count = Math.Min(rows.Length, _wanted);
        if (count < _kept.Count)
            _kept.KeepOnly([.. Enumerable.Range(0, count).Select(i => rows[(int)((long)i * rows.Length / count)])]);
        return _kept;
    }

    private void Take(RecordBatch records)
    {
        _history.Take(records);
        for (var row = 0; row < records.Count; row++, _read++)
        {
            if (_read % _step != 0)
                continue;
            if (_kept.Count == 2L * _wanted)
            {
                _kept.KeepOnly([.. Enumerable.Range(0, _wanted).Select(i => 2 * i)]);
                _step *= 2;
                if (_read % _step != 0)
                    continue;
            }

            _kept.AppendFrom(records, row);
        }

        records.Clear();
    }
}

using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.History;

/// <summary>Builds the history of a training window over all of its records, and keeps as many of them, with their features, as are to be learned from.</summary>
/// <remarks>
/// A record is kept where its number, times the golden ratio, has a fractional part below a share that falls as they come: multiples of it spread evenly, whatever the
/// share and wherever one looks (three-distance theorem), so that what is kept is even over the window, without the period of every n-th; and the same whenever the same window is read.
/// </remarks>
internal sealed class HistorySample
{
    /// <summary>Records that are taken over at a time.</summary>
    public const int ChunkRecords = 1024;

    // The golden ratio's fractional part, of 2^64.
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    private readonly KeyHistory _history;
    private readonly int _wanted;
    private readonly int _least;
    private readonly int _most;
    private readonly RecordBatch _kept;
    private ulong[] _places;

    // Rows that thinning keeps. Made anew each time, they would lie in the heap of large objects, dozens of them, until a collection of everything.
    private int[]? _rows;
    private ulong _share = ulong.MaxValue;
    private ulong _place;

    /// <summary>Creates an empty sample.</summary>
    /// <param name="spec">Fields, and what is remembered.</param>
    /// <param name="wanted">Records to learn from at most.</param>
    /// <param name="least">Records to learn from at least; where no more were read, none is left out.</param>
    /// <param name="capacity">Records to learn from to make room for.</param>
    public HistorySample(FeatureSpec spec, int wanted, int least, int capacity = ChunkRecords)
    {
        _history = new KeyHistory(spec);
        (_wanted, _least) = (wanted, least);
        _most = WithWarmUp(wanted);
        _kept = new RecordBatch(spec, Math.Min(WithWarmUp(capacity), _most), keepsUsual: false);
        _places = new ulong[_kept.Capacity];
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

    // As many are left when a quarter has only warmed the history up, which is the most.
    private static int WithWarmUp(int records) => (int)Math.Min(Array.MaxLength, records + (records / 3L) + 1);

    private void Take(RecordBatch records)
    {
        _history.Take(records);
        for (var row = 0; row < records.Count; row++)
        {
            _place = unchecked(_place + GoldenRatio);
            while (_kept.Count == _most && _place <= _share)
                Thin();
            if (_place > _share)
                continue;
            if (_kept.Count == _kept.Capacity)
            {
                _kept.Reserve((int)Math.Min(_most, 2L * _kept.Capacity));
                Array.Resize(ref _places, _kept.Capacity);
            }

            _places[_kept.Count] = _place;
            _kept.AppendFrom(records, row);
        }

        records.Clear();
    }

    // An eighth goes: what is kept swings between seven sixths of what is wanted and four thirds.
    private void Thin()
    {
        _share -= _share / 8;
        _rows ??= new int[_most];
        var left = 0;
        for (var row = 0; row < _kept.Count; row++)
        {
            if (_places[row] > _share)
                continue;
            _places[left] = _places[row];
            _rows[left++] = row;
        }

        _kept.KeepOnly(_rows.AsSpan(0, left));
    }
}

using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Sequences;

/// <summary>Scores records by the windows that they complete; keeps the windows of records that need an explanation. Not thread-safe.</summary>
internal sealed class WindowScorer
{
    private readonly FrozenModel _model;
    private readonly ScoringScratch _scratch;
    private readonly KeyWindows _keys;
    private readonly SequenceKey _key = new();
    private readonly int _valuesPerWindow;
    private readonly int _flagsPerWindow;
    private float[] _values = [];
    private byte[] _missing = [];
    private float[] _scores = [];
    private int[] _rows = [];
    private float[] _keptValues = [];
    private byte[] _keptMissing = [];
    private int[] _keptRows = [];
    private int _kept;

    public WindowScorer(FrozenModel model, ScoringScratch scratch, long budgetBytes)
    {
        _model = model;
        _scratch = scratch;
        _keys = new KeyWindows(model.Window, model.Layout.Width, model.Layout.BlockCount, budgetBytes);
        _valuesPerWindow = model.Window * model.Layout.Width;
        _flagsPerWindow = model.Window * model.Layout.BlockCount;
    }

    public KeyWindows Keys => _keys;

    /// <summary>Forgets the windows kept for the batch before.</summary>
    public void Begin() => _kept = 0;

    /// <summary>Adds records to the windows of their keys and scores those that fill one.</summary>
    /// <param name="batch">Records.</param>
    /// <param name="first">First row to score.</param>
    /// <param name="encoded">The rows from <paramref name="first"/> on, encoded.</param>
    /// <param name="keepAbove">Windows whose score is not at or below this are kept.</param>
    /// <param name="scores">Receives one score a row; <see cref="RecordScorer.WarmingScore"/> where the window is not full.</param>
    /// <returns>The number of records whose window is not full.</returns>
    public int Score(RecordBatch batch, int first, EncodedRows encoded, float keepAbove, Span<float> scores)
    {
        Reserve(scores.Length);
        var full = 0;
        var anyMissing = false;
        for (var i = 0; i < scores.Length; i++)
        {
            var window = _keys.Use(_key.Of(batch, first + i));
            window.Add(encoded.Values.Slice(i * encoded.Width, encoded.Width), encoded.Missing.Slice(i * encoded.Blocks, encoded.Blocks));
            scores[i] = RecordScorer.WarmingScore;
            if (window.Count < _model.Window)
                continue;
            var flags = _missing.AsSpan(full * _flagsPerWindow, _flagsPerWindow);
            window.CopyTo(_values.AsSpan(full * _valuesPerWindow, _valuesPerWindow), flags);
            anyMissing |= flags.Contains((byte)1);
            _rows[full++] = i;
        }

        var found = _scores.AsSpan(0, full);
        _model.Score(
            _values.AsSpan(0, full * _valuesPerWindow), anyMissing ? _missing.AsSpan(0, full * _flagsPerWindow) : default, found, _scratch);
        for (var i = 0; i < full; i++)
        {
            scores[_rows[i]] = found[i];
            if (!(found[i] <= keepAbove))
                Keep(first + _rows[i], i);
        }

        return scores.Length - full;
    }

    /// <summary>Finds the window that a record of the last batch completed.</summary>
    public bool TryGet(int row, out ReadOnlySpan<float> values, out ReadOnlySpan<byte> missing)
    {
        var index = Array.BinarySearch(_keptRows, 0, _kept, row);
        values = index < 0 ? default : _keptValues.AsSpan(index * _valuesPerWindow, _valuesPerWindow);
        missing = index < 0 ? default : _keptMissing.AsSpan(index * _flagsPerWindow, _flagsPerWindow);
        return index >= 0;
    }

    private void Keep(int row, int window)
    {
        if (_kept == _keptRows.Length)
        {
            var capacity = Math.Max(16, _kept * 2);
            Array.Resize(ref _keptRows, capacity);
            Array.Resize(ref _keptValues, checked(capacity * _valuesPerWindow));
            Array.Resize(ref _keptMissing, checked(capacity * _flagsPerWindow));
        }

        _values.AsSpan(window * _valuesPerWindow, _valuesPerWindow).CopyTo(_keptValues.AsSpan(_kept * _valuesPerWindow));
        _missing.AsSpan(window * _flagsPerWindow, _flagsPerWindow).CopyTo(_keptMissing.AsSpan(_kept * _flagsPerWindow));
        _keptRows[_kept++] = row;
    }

    private void Reserve(int rows)
    {
        if (_rows.Length >= rows)
            return;
        _rows = new int[rows];
        _scores = new float[rows];
        _values = new float[rows * _valuesPerWindow];
        _missing = new byte[rows * _flagsPerWindow];
    }
}

using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Sequences;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Scoring;

/// <summary>Scores records by the windows that they complete; keeps the windows of records that need an explanation. Not thread-safe.</summary>
/// <remarks>
/// Versions of a detector share one store of windows. A window that another version encoded is encoded anew when its key comes next, from the records as they came:
/// a swap of versions costs no pause and leaves no key without its past.
/// </remarks>
internal sealed class WindowScorer
{
    private readonly FeatureEncoder _encoder;
    private readonly FrozenModel _model;
    private readonly ScoringScratch _scratch;
    private readonly KeyWindows _keys;
    private readonly SequenceKey _key = new();
    private readonly WindowShape _shape;
    private readonly int _valuesPerWindow;
    private readonly int _flagsPerWindow;
    private readonly EncodedRows _pastRows = new();
    private RecordBatch? _past;
    private float[] _values = [];
    private byte[] _missing = [];
    private float[] _scores = [];
    private int[] _rows = [];
    private float[] _keptValues = [];
    private byte[] _keptMissing = [];
    private int[] _keptRows = [];
    private int _kept;

    public WindowScorer(FeatureEncoder encoder, FrozenModel model, ScoringScratch scratch, KeyWindows keys)
    {
        _encoder = encoder;
        _model = model;
        _scratch = scratch;
        _keys = keys;
        _shape = new WindowShape(model.Window, model.Layout.Width, model.Layout.BlockCount);
        _valuesPerWindow = _shape.Values;
        _flagsPerWindow = _shape.Flags;
    }

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
            var window = Add(batch, first + i, encoded, i);
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

    /// <summary>Adds records to the windows of their keys, and scores none.</summary>
    /// <param name="batch">Records.</param>
    /// <param name="first">First row to add.</param>
    /// <param name="encoded">The rows from <paramref name="first"/> on, encoded.</param>
    public void Recall(RecordBatch batch, int first, EncodedRows encoded)
    {
        for (var i = 0; i < encoded.Count; i++)
            Add(batch, first + i, encoded, i);
    }

    /// <summary>Finds the window that a record of the last batch completed.</summary>
    public bool TryGet(int row, out ReadOnlySpan<float> values, out ReadOnlySpan<byte> missing)
    {
        var index = Array.BinarySearch(_keptRows, 0, _kept, row);
        values = index < 0 ? default : _keptValues.AsSpan(index * _valuesPerWindow, _valuesPerWindow);
        missing = index < 0 ? default : _keptMissing.AsSpan(index * _flagsPerWindow, _flagsPerWindow);
        return index >= 0;
    }

    private KeyWindow Add(RecordBatch batch, int row, EncodedRows encoded, int index)
    {
        var window = _keys.Use(_key.Of(batch, row), _shape);
        if (batch.FollowsGap(row))
            window.Clear();
        if (!ReferenceEquals(window.EncodedBy, _encoder))
            Encode(window);
        if (_keys.Records is { } records)
            records.Write(batch, row, _keys.NextRecord(window, records.SizeOf(batch, row)));
        window.Add(encoded.Values.Slice(index * encoded.Width, encoded.Width), encoded.Missing.Slice(index * encoded.Blocks, encoded.Blocks));
        var origin = batch.Origins[row];
        (window.Topic, window.Partition) = (origin.Topic, origin.Partition);
        return window;
    }

    // Of a window that began, or that another version filled.
    private void Encode(KeyWindow window)
    {
        window.EncodedBy = _encoder;
        if (window.Count == 0 || _keys.Records is not { } records)
        {
            _keys.Reshape(window, _shape);
            return;
        }

        _past ??= new RecordBatch(records.Spec, window.Count);
        _past.Clear();
        for (var i = Math.Max(0, window.Count - _shape.Window); i < window.Count; i++)
            records.Read(window.Record(i), _past);
        _encoder.Encode(_past, 0, _past.Count, _pastRows);
        _keys.Reshape(window, _shape);
        for (var i = 0; i < _past.Count; i++)
        {
            records.Write(_past, i, _keys.NextRecord(window, records.SizeOf(_past, i)));
            window.Add(_pastRows.Values.Slice(i * _shape.Width, _shape.Width), _pastRows.Missing.Slice(i * _shape.Blocks, _shape.Blocks));
        }
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

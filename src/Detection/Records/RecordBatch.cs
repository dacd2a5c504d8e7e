using System.Diagnostics;

namespace AEAnomaly.Detection.Records;

/// <summary>Holds decoded records by column; reused from batch to batch, so that decoding allocates nothing once it is warm.</summary>
/// <remarks>
/// Not thread-safe. Numbers, booleans (0 or 1) and timestamps (seconds since 1970-01-01 UTC) are doubles, NaN where the value is missing; a decoder refuses
/// NaN and infinities as input, so NaN has no other meaning. Every other kind is UTF-8 text in one arena.
/// </remarks>
public sealed partial class RecordBatch
{
    private readonly double[]?[] _numbers;
    private readonly TextSlice[]?[] _texts;
    private RecordOrigin[] _origins;
    private bool[]? _followsGap;
    private byte[] _arena;
    private int _arenaUsed;
    private int _capacity;
    private int _arenaBeforeLast;

    /// <summary>Creates an empty batch.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="capacity">Records held before the columns grow, at least 1.</param>
    public RecordBatch(FeatureSpec spec, int capacity)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Spec = spec;
        _capacity = capacity;
        _origins = new RecordOrigin[capacity];
        _arena = new byte[Math.Max(256, capacity * 16)];
        _numbers = new double[spec.Fields.Count][];
        _texts = new TextSlice[spec.Fields.Count][];
        for (var i = 0; i < spec.Fields.Count; i++)
        {
            if (FeatureSpec.IsNumber(spec.Fields[i].Kind))
                _numbers[i] = new double[capacity];
            else
                _texts[i] = new TextSlice[capacity];
        }

        CreateHistory(capacity);
    }

    /// <summary>Gets the declared fields.</summary>
    public FeatureSpec Spec { get; }

    /// <summary>Gets the number of records.</summary>
    public int Count { get; private set; }

    /// <summary>Gets where the records came from, <c>[Count]</c>.</summary>
    public ReadOnlySpan<RecordOrigin> Origins => _origins.AsSpan(0, Count);

    /// <summary>Adds a record whose fields are all missing.</summary>
    /// <param name="origin">Where it came from.</param>
    /// <returns>Its row.</returns>
    public int Append(in RecordOrigin origin)
    {
        if (Count == _capacity)
            Grow();

        var row = Count++;
        _arenaBeforeLast = _arenaUsed;
        _origins[row] = origin;
        if (_followsGap is not null)
            _followsGap[row] = false;
        for (var i = 0; i < _numbers.Length; i++)
        {
            if (_numbers[i] is { } numbers)
                numbers[row] = double.NaN;
            else
                _texts[i]![row] = TextSlice.Missing;
        }

        ClearHistory(row);
        return row;
    }

    /// <summary>Takes back the record added last, say because it could not be decoded.</summary>
    public void RemoveLast()
    {
        Debug.Assert(Count > 0, "there is a record to take back");
        Count--;
        _arenaUsed = _arenaBeforeLast;
    }

    /// <summary>Removes all records; keeps the memory.</summary>
    public void Clear()
    {
        Count = 0;
        _arenaUsed = 0;
        _arenaBeforeLast = 0;
    }

    /// <summary>Sets a number, boolean (0 or 1) or timestamp (seconds since 1970-01-01 UTC).</summary>
    /// <param name="field">Index of the field.</param>
    /// <param name="row">Row.</param>
    /// <param name="value">Finite value.</param>
    public void SetNumber(int field, int row, double value) => _numbers[field]![row] = value;

    /// <summary>Sets a text; copies it.</summary>
    /// <param name="field">Index of the field.</param>
    /// <param name="row">Row.</param>
    /// <param name="utf8">Valid UTF-8, may be empty.</param>
    public void SetText(int field, int row, ReadOnlySpan<byte> utf8)
    {
        if (_arena.Length - _arenaUsed < utf8.Length)
            Array.Resize(ref _arena, Math.Max(_arena.Length * 2, _arenaUsed + utf8.Length));

        utf8.CopyTo(_arena.AsSpan(_arenaUsed));
        _texts[field]![row] = new TextSlice(_arenaUsed, utf8.Length);
        _arenaUsed += utf8.Length;
    }

    /// <summary>Gets a column of numbers, booleans or timestamps, <c>[Count]</c>, NaN where missing.</summary>
    /// <param name="field">Index of a field stored as numbers.</param>
    public ReadOnlySpan<double> Numbers(int field) => _numbers[field].AsSpan(0, Count);

    /// <summary>Gets a text; empty when missing.</summary>
    /// <param name="field">Index of a field stored as text.</param>
    /// <param name="row">Row.</param>
    public ReadOnlySpan<byte> Text(int field, int row)
    {
        var slice = _texts[field]![row];
        return slice.Length <= 0 ? default : _arena.AsSpan(slice.Offset, slice.Length);
    }

    /// <summary>Tells whether a value is missing.</summary>
    /// <param name="field">Index of the field.</param>
    /// <param name="row">Row.</param>
    public bool IsMissing(int field, int row) =>
        _numbers[field] is { } numbers ? double.IsNaN(numbers[row]) : _texts[field]![row].Length < 0;

    /// <summary>Says that a record of the same sequence just before this one was left out, so that no window may hold both sides.</summary>
    /// <param name="row">Row.</param>
    public void MarkGap(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        _followsGap ??= new bool[_capacity];
        _followsGap[row] = true;
    }

    /// <summary>Tells whether a record of the same sequence just before this one was left out.</summary>
    /// <param name="row">Row.</param>
    public bool FollowsGap(int row) => _followsGap is not null && _followsGap[row];

    /// <summary>Copies a record of another batch of the same fields to the end of this one.</summary>
    /// <param name="source">Batch with the same spec.</param>
    /// <param name="row">Row of <paramref name="source"/>.</param>
    /// <returns>The new row.</returns>
    public int AppendFrom(RecordBatch source, int row)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Spec.Fields.Count != Spec.Fields.Count)
            throw new ArgumentException($"A record of {source.Spec.Fields.Count} fields does not fit a batch of {Spec.Fields.Count}.", nameof(source));

        var target = Append(source._origins[row]);
        if (source.FollowsGap(row))
            MarkGap(target);
        for (var i = 0; i < _numbers.Length; i++)
        {
            if (_numbers[i] is { } numbers)
                numbers[target] = source._numbers[i]![row];
            else if (!source.IsMissing(i, row))
                SetText(i, target, source.Text(i, row));
        }

        CopyHistory(source, row, target);
        return target;
    }

    private void Grow()
    {
        var capacity = checked(_capacity * 2);
        Array.Resize(ref _origins, capacity);
        if (_followsGap is not null)
            Array.Resize(ref _followsGap, capacity);
        for (var i = 0; i < _numbers.Length; i++)
        {
            if (_numbers[i] is not null)
                Array.Resize(ref _numbers[i], capacity);
            else
                Array.Resize(ref _texts[i], capacity);
        }

        GrowHistory(capacity);
        _capacity = capacity;
    }

    private readonly record struct TextSlice(int Offset, int Length)
    {
        public static TextSlice Missing => new(0, -1);
    }
}

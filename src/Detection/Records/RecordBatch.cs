using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace AEAnomaly.Detection.Records;

/// <summary>Holds decoded records by column; reused from batch to batch, so that decoding allocates nothing once it is warm.</summary>
/// <remarks>
/// Not thread-safe. Numbers, booleans (0 or 1) and timestamps (seconds since 1970-01-01 UTC) are doubles, NaN where the value is missing; a decoder refuses
/// NaN and infinities as input, so NaN has no other meaning. Every other kind is UTF-8 text in one arena.
/// </remarks>
public sealed partial class RecordBatch
{
    private const int LeastArena = 256;

    private readonly double[]?[] _numbers;
    private readonly TextSlice[]?[] _texts;
    private readonly bool _keepsUsual;
    private RecordOrigin[] _origins;
    private bool[]? _followsGap;
    private byte[] _arena;
    private int _arenaUsed;
    private int _arenaBeforeLast;

    /// <summary>Creates an empty batch.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="capacity">Records held before the columns grow, at least 1.</param>
    /// <param name="keepsUsual">Whether it keeps what is usual for the key of a record, which explanations read and trainings do not.</param>
    public RecordBatch(FeatureSpec spec, int capacity, bool keepsUsual = true)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Spec = spec;
        _keepsUsual = keepsUsual;
        _numbers = new double[spec.Fields.Count][];
        _texts = new TextSlice[spec.Fields.Count][];
        Allocate(capacity);
    }

    /// <summary>Gets the declared fields.</summary>
    public FeatureSpec Spec { get; }

    /// <summary>Gets the number of records.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the number of records held before the columns grow.</summary>
    public int Capacity { get; private set; }

    /// <summary>Gets where the records came from, <c>[Count]</c>.</summary>
    public ReadOnlySpan<RecordOrigin> Origins => _origins.AsSpan(0, Count);

    /// <summary>Adds a record whose fields are all missing.</summary>
    /// <param name="origin">Where it came from.</param>
    /// <returns>Its row.</returns>
    public int Append(in RecordOrigin origin)
    {
        if (Count == Capacity)
            Reserve(checked(Capacity * 2));

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

    /// <summary>Removes all records and gives their memory back.</summary>
    public void Release()
    {
        Clear();
        Allocate(1);
    }

    /// <summary>Makes room for so many records at once; by itself a batch grows to twice its size, which may be far more than will come.</summary>
    /// <param name="capacity">Records held before the columns grow again; nothing is done where there is room already.</param>
    public void Reserve(int capacity)
    {
        if (capacity <= Capacity)
            return;
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
        Capacity = capacity;
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
        _followsGap ??= new bool[Capacity];
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

    /// <summary>Removes all records but some, in place: beside a large batch there may be no room for a copy of it.</summary>
    /// <param name="rows">Rows to keep, each once, in ascending order.</param>
    public void KeepOnly(ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= Count || rows[i] <= (i == 0 ? -1 : rows[i - 1]))
                throw new ArgumentException($"Row {rows[i]} at position {i} is none of the {Count} rows, or does not ascend.", nameof(rows));
        }

        Pick(_origins, rows);
        if (_followsGap is not null)
            Pick(_followsGap, rows);
        foreach (var numbers in _numbers)
        {
            if (numbers is not null)
                Pick(numbers, rows);
        }

        foreach (var texts in _texts)
        {
            if (texts is not null)
                Pick(texts, rows);
        }

        PickHistory(rows);
        Count = rows.Length;
        PackTexts();
    }

    private static void Pick<T>(T[] column, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < rows.Length; i++)
            column[i] = column[rows[i]];
    }

    // Where texts lie in the order of rows and fields, as in a batch that was appended to, each moves to the left; a decoder sets them in the order of its input.
    private void PackTexts()
    {
        var packed = AreTextsInOrder() ? _arena : new byte[_arena.Length];
        var used = 0;
        for (var row = 0; row < Count; row++)
        {
            foreach (var texts in _texts)
            {
                if (texts is null || texts[row] is not { Length: > 0 } slice)
                    continue;
                _arena.AsSpan(slice.Offset, slice.Length).CopyTo(packed.AsSpan(used));
                texts[row] = slice with { Offset = used };
                used += slice.Length;
            }
        }

        (_arena, _arenaUsed, _arenaBeforeLast) = (packed, used, used);
    }

    private bool AreTextsInOrder()
    {
        var end = 0;
        for (var row = 0; row < Count; row++)
        {
            foreach (var texts in _texts)
            {
                if (texts is null || texts[row] is not { Length: > 0 } slice)
                    continue;
                if (slice.Offset < end)
                    return false;
                end = slice.Offset + slice.Length;
            }
        }

        return true;
    }

    [MemberNotNull(nameof(_origins), nameof(_arena))]
    private void Allocate(int capacity)
    {
        Capacity = capacity;
        _origins = new RecordOrigin[capacity];
        _followsGap = null;
        _arena = new byte[Math.Max(LeastArena, capacity * 16)];
        for (var i = 0; i < Spec.Fields.Count; i++)
        {
            if (FeatureSpec.IsNumber(Spec.Fields[i].Kind))
                _numbers[i] = new double[capacity];
            else
                _texts[i] = new TextSlice[capacity];
        }

        CreateHistory(capacity);
    }

    private readonly record struct TextSlice(int Offset, int Length)
    {
        public static TextSlice Missing => new(0, -1);
    }
}

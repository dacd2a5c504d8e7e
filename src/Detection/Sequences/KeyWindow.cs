using AEAnomaly.Detection.Features;

namespace AEAnomaly.Detection.Sequences;

/// <summary>Keeps the last records of one key in a ring: encoded, and as they came where another encoder may have to read them again.</summary>
internal sealed class KeyWindow(WindowShape shape)
{
    // The objects, arrays and dictionary entry around a window; measured.
    internal const int OverheadBytes = 352;

    private float[] _values = new float[shape.Values];
    private byte[] _missing = new byte[shape.Flags];
    private byte[] _records = [];
    private int _next;

    /// <summary>Gets or sets the key this window is of.</summary>
    public byte[] Key { get; set; } = [];

    /// <summary>Gets or sets the topic that the last record came from.</summary>
    public string Topic { get; set; } = "";

    /// <summary>Gets or sets the partition that the last record came from.</summary>
    public int Partition { get; set; }

    /// <summary>Gets or sets the key used just after this one; null for the one used last.</summary>
    public KeyWindow? Newer { get; set; }

    /// <summary>Gets or sets the key used just before this one; null for the one not used for longest.</summary>
    public KeyWindow? Older { get; set; }

    /// <summary>Gets or sets the encoder of the rows held.</summary>
    public FeatureEncoder? EncodedBy { get; set; }

    /// <summary>Gets the records of a full window and what each encodes to.</summary>
    public WindowShape Shape { get; private set; } = shape;

    /// <summary>Gets the records held, at most the window.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the room for a record as it came.</summary>
    public int RecordBytes { get; private set; }

    /// <summary>Gets the memory taken.</summary>
    public long Bytes => OverheadBytes + ((long)_values.Length * sizeof(float)) + _missing.Length + _records.Length;

    /// <summary>Gets the place of the record that <see cref="Add"/> takes next, <c>[RecordBytes]</c>.</summary>
    public Span<byte> NextRecord => _records.AsSpan(_next * RecordBytes, RecordBytes);

    /// <summary>Adds a record; the oldest one leaves.</summary>
    /// <param name="values">Features <c>[width]</c>.</param>
    /// <param name="missing">Flags <c>[blocks]</c>.</param>
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<byte> missing)
    {
        values.CopyTo(_values.AsSpan(_next * Shape.Width));
        missing.CopyTo(_missing.AsSpan(_next * Shape.Blocks));
        _next = (_next + 1) % Shape.Window;
        Count = Math.Min(Count + 1, Shape.Window);
    }

    /// <summary>Gives a record held as it came.</summary>
    /// <param name="index">0 for the oldest one held.</param>
    public ReadOnlySpan<byte> Record(int index) =>
        _records.AsSpan((_next + Shape.Window - Count + index) % Shape.Window * RecordBytes, RecordBytes);

    /// <summary>Copies a full window, oldest record first.</summary>
    /// <param name="values">Receives <c>[window, width]</c>.</param>
    /// <param name="missing">Receives <c>[window, blocks]</c>.</param>
    public void CopyTo(Span<float> values, Span<byte> missing)
    {
        var older = Shape.Window - _next;
        _values.AsSpan(_next * Shape.Width).CopyTo(values);
        _values.AsSpan(0, _next * Shape.Width).CopyTo(values[(older * Shape.Width)..]);
        _missing.AsSpan(_next * Shape.Blocks).CopyTo(missing);
        _missing.AsSpan(0, _next * Shape.Blocks).CopyTo(missing[(older * Shape.Blocks)..]);
    }

    /// <summary>Forgets the records, for another key.</summary>
    public void Clear() => (_next, Count) = (0, 0);

    /// <summary>Forgets the records and takes another shape.</summary>
    public void Reshape(WindowShape shape)
    {
        Clear();
        if (shape == Shape)
            return;
        (_values, _missing) = (new float[shape.Values], new byte[shape.Flags]);
        if (shape.Window != Shape.Window)
            _records = new byte[shape.Window * RecordBytes];
        Shape = shape;
    }

    /// <summary>Makes room for longer records.</summary>
    public void Widen(int recordBytes)
    {
        var records = new byte[checked(Shape.Window * recordBytes)];
        for (var slot = 0; slot < Shape.Window; slot++)
            _records.AsSpan(slot * RecordBytes, RecordBytes).CopyTo(records.AsSpan(slot * recordBytes));
        (_records, RecordBytes) = (records, recordBytes);
    }
}

namespace AEAnomaly.Detection.Sequences;

/// <summary>Keeps the last encoded records of one key in a ring.</summary>
internal sealed class KeyWindow(int window, int width, int blocks)
{
    private readonly float[] _values = new float[window * width];
    private readonly byte[] _missing = new byte[window * blocks];
    private int _next;

    /// <summary>Gets or sets the key this window is of.</summary>
    public byte[] Key { get; set; } = [];

    /// <summary>Gets or sets the key used just after this one; null for the one used last.</summary>
    public KeyWindow? Newer { get; set; }

    /// <summary>Gets or sets the key used just before this one; null for the one not used for longest.</summary>
    public KeyWindow? Older { get; set; }

    /// <summary>Gets the records held, at most the window.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a record; the oldest one leaves.</summary>
    /// <param name="values">Features <c>[width]</c>.</param>
    /// <param name="missing">Flags <c>[blocks]</c>.</param>
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<byte> missing)
    {
        values.CopyTo(_values.AsSpan(_next * width));
        missing.CopyTo(_missing.AsSpan(_next * blocks));
        _next = (_next + 1) % window;
        Count = Math.Min(Count + 1, window);
    }

    /// <summary>Copies a full window, oldest record first.</summary>
    /// <param name="values">Receives <c>[window, width]</c>.</param>
    /// <param name="missing">Receives <c>[window, blocks]</c>.</param>
    public void CopyTo(Span<float> values, Span<byte> missing)
    {
        var older = window - _next;
        _values.AsSpan(_next * width).CopyTo(values);
        _values.AsSpan(0, _next * width).CopyTo(values[(older * width)..]);
        _missing.AsSpan(_next * blocks).CopyTo(missing);
        _missing.AsSpan(0, _next * blocks).CopyTo(missing[(older * blocks)..]);
    }

    /// <summary>Forgets the records, for another key.</summary>
    public void Clear() => (_next, Count) = (0, 0);
}

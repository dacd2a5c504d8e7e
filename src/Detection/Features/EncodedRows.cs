namespace AEAnomaly.Detection.Features;

/// <summary>Holds encoded records: what the network sees, and which fields were missing or unseen. Reused from batch to batch.</summary>
public sealed class EncodedRows
{
    private float[] _values = [];
    private byte[] _missing = [];
    private byte[] _unseen = [];

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the features of a row.</summary>
    public int Width { get; private set; }

    /// <summary>Gets the blocks (fields that are features) of a row.</summary>
    public int Blocks { get; private set; }

    /// <summary>Gets or sets whether any value of any row is missing; false lets the network skip the flags.</summary>
    public bool AnyMissing { get; set; }

    /// <summary>Gets the features, row-major <c>[Count, Width]</c>, finite.</summary>
    public Span<float> Values => _values.AsSpan(0, Count * Width);

    /// <summary>Gets the missing flags, row-major <c>[Count, Blocks]</c>, 1 where missing.</summary>
    public Span<byte> Missing => _missing.AsSpan(0, Count * Blocks);

    /// <summary>Gets the unseen flags, row-major <c>[Count, Blocks]</c>, 1 where a category never occurred in training.</summary>
    public Span<byte> Unseen => _unseen.AsSpan(0, Count * Blocks);

    /// <summary>Tells whether a row has any field.</summary>
    /// <param name="row">Row.</param>
    public bool HasAny(int row) => Missing.Slice(row * Blocks, Blocks).Contains((byte)0);

    /// <summary>Gets the arrays behind <see cref="Values"/> and <see cref="Missing"/>, for a training set that must not copy them.</summary>
    public (float[] Values, byte[]? Missing) Arrays => (_values, AnyMissing ? _missing : null);

    /// <summary>Sets the shape and clears everything; grows the memory only when it must.</summary>
    /// <param name="count">Rows.</param>
    /// <param name="width">Features of a row.</param>
    /// <param name="blocks">Blocks of a row.</param>
    /// <exception cref="ArgumentException">The rows hold more values than an array can.</exception>
    public void Reset(int count, int width, int blocks)
    {
        if ((long)count * Math.Max(width, blocks) > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{count} rows of {width} features are more than the {Array.MaxLength} values that fit; encode fewer records at a time.", nameof(count));
        }

        Count = count;
        Width = width;
        Blocks = blocks;
        AnyMissing = false;
        if (_values.Length < count * width)
            _values = new float[count * width];
        if (_missing.Length < count * blocks)
        {
            _missing = new byte[count * blocks];
            _unseen = new byte[count * blocks];
        }

        Values.Clear();
        Missing.Clear();
        Unseen.Clear();
    }
}

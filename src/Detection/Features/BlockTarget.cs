using System.Runtime.CompilerServices;

namespace AEAnomaly.Detection.Features;

/// <summary>Addresses one block of every row of <see cref="EncodedRows"/>, so that a field is encoded as a column.</summary>
internal readonly ref struct BlockTarget
{
    private readonly Span<float> _values;
    private readonly Span<byte> _missing;
    private readonly Span<byte> _unseen;
    private readonly int _rowWidth;
    private readonly int _rowBlocks;
    private readonly int _start;
    private readonly int _block;

    public BlockTarget(EncodedRows rows, int start, int block)
    {
        _values = rows.Values;
        _missing = rows.Missing;
        _unseen = rows.Unseen;
        _rowWidth = rows.Width;
        _rowBlocks = rows.Blocks;
        _start = start;
        _block = block;
    }

    /// <summary>Gets a feature of the block.</summary>
    /// <param name="row">Row.</param>
    /// <param name="feature">Feature within the block.</param>
    public ref float this[int row, int feature]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _values[(row * _rowWidth) + _start + feature];
    }

    public void MarkMissing(int row) => _missing[(row * _rowBlocks) + _block] = 1;

    public void MarkUnseen(int row) => _unseen[(row * _rowBlocks) + _block] = 1;
}

using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Completion;

/// <summary>Says what a row is made of: the blocks of its records, one record after the other.</summary>
/// <param name="layout">Blocks of a record.</param>
/// <param name="window">Records of a row.</param>
internal sealed class DonorShape(FeatureLayout layout, int window)
{
    private readonly int[] _starts = [.. Enumerable.Range(0, window).SelectMany(record => layout.Blocks.ToArray().Select(block => (record * layout.Width) + block.Start))];
    private readonly int[] _widths = [.. Enumerable.Range(0, window).SelectMany(_ => layout.Blocks.ToArray().Select(block => block.Width))];

    /// <summary>Gets the features of a row.</summary>
    public int Width { get; } = window * layout.Width;

    /// <summary>Gets the blocks of a row.</summary>
    public int Blocks { get; } = window * layout.BlockCount;

    /// <summary>Gets the features of a record.</summary>
    public int RecordWidth => layout.Width;

    /// <summary>Gets the blocks of a record.</summary>
    public int RecordBlocks => layout.BlockCount;

    /// <summary>Gets the index of a block's first feature.</summary>
    public int StartOf(int block) => _starts[block];

    /// <summary>Gets the features of a block.</summary>
    public int WidthOf(int block) => _widths[block];

    /// <summary>Tells whether a row has anything to judge: its last record has a field.</summary>
    /// <param name="missing">Flags of the row, or empty.</param>
    public bool HasAny(ReadOnlySpan<byte> missing) => missing.IsEmpty || missing[^layout.BlockCount..].Contains((byte)0);
}

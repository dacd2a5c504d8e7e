using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Completion;

/// <summary>Says what a row is made of: the blocks of its records, one record after the other.</summary>
/// <param name="layout">Blocks of a record.</param>
/// <param name="window">Records of a row.</param>
internal sealed class DonorShape(FeatureLayout layout, int window)
{
    /// <summary>Gets the features of a row.</summary>
    public int Width { get; } = window * layout.Width;

    /// <summary>Gets the blocks of a row.</summary>
    public int Blocks { get; } = window * layout.BlockCount;

    /// <summary>Gets the features of a record.</summary>
    public int RecordWidth => layout.Width;

    /// <summary>Gets the blocks of a record.</summary>
    public int RecordBlocks => layout.BlockCount;

    /// <summary>Gets the index of a block's first feature.</summary>
    public int StartOf(int block)
    {
        var (record, own) = Math.DivRem(block, layout.BlockCount);
        return (record * layout.Width) + layout.Blocks[own].Start;
    }

    /// <summary>Gets the features of a block.</summary>
    public int WidthOf(int block) => layout.Blocks[block % layout.BlockCount].Width;

    /// <summary>Tells whether a row has anything to judge: its last record has a field.</summary>
    /// <param name="missing">Flags of the row, or empty.</param>
    public bool HasAny(ReadOnlySpan<byte> missing) => missing.IsEmpty || missing[^layout.BlockCount..].Contains((byte)0);
}

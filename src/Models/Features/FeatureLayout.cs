namespace AEAnomaly.Models.Features;

/// <summary>Orders the features of one row into blocks, one block for each field.</summary>
/// <remarks>Immutable. Blocks are adjacent, in order, and cover every feature exactly once.</remarks>
public sealed class FeatureLayout
{
    private readonly FeatureBlock[] _blocks;

    /// <summary>Creates a layout from adjacent blocks.</summary>
    /// <param name="blocks">Blocks in feature order; the first starts at 0, each next one where the one before ends.</param>
    /// <param name="fields">Name of the field each block came from, or null where nobody knows.</param>
    /// <exception cref="ArgumentException">There is no block, a width is below 1, a block does not start where the one before ends, or there are not as many names as blocks.</exception>
    public FeatureLayout(IEnumerable<FeatureBlock> blocks, IReadOnlyList<string>? fields = null)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        _blocks = [.. blocks];
        if (fields is not null && fields.Count != _blocks.Length)
            throw new ArgumentException($"{fields.Count} names given for {_blocks.Length} blocks.", nameof(fields));

        Fields = fields;
        if (_blocks.Length == 0)
            throw new ArgumentException("A feature layout needs at least one block.", nameof(blocks));

        var next = 0;
        for (var i = 0; i < _blocks.Length; i++)
        {
            var block = _blocks[i];
            if (block.Start != next || block.Width < 1)
            {
                throw new ArgumentException(
                    $"Block {i} starts at {block.Start} with width {block.Width}; expected start {next} and a width of at least 1.", nameof(blocks));
            }

            next = block.End;
        }

        Width = next;
    }

    /// <summary>Gets the number of features of a row.</summary>
    public int Width { get; }

    /// <summary>Gets the blocks in feature order.</summary>
    public ReadOnlySpan<FeatureBlock> Blocks => _blocks;

    /// <summary>Gets the number of blocks.</summary>
    public int BlockCount => _blocks.Length;

    /// <summary>Gets the name of the field each block came from, or null where nobody knows; not stored with a model.</summary>
    public IReadOnlyList<string>? Fields { get; }

    /// <summary>Leaves a field out of records, as if it were missing in them.</summary>
    /// <param name="block">The field's block.</param>
    /// <param name="records">Row-major <c>[records, Width]</c>; the field becomes its mean.</param>
    /// <param name="missing">Row-major <c>[records, BlockCount]</c>; the field's flags are set.</param>
    public void LeaveOut(int block, Span<float> records, Span<byte> missing)
    {
        var features = _blocks[block];
        for (var record = 0; record < records.Length / Width; record++)
        {
            records.Slice((record * Width) + features.Start, features.Width).Clear();
            missing[(record * BlockCount) + block] = 1;
        }
    }

    /// <summary>Creates a layout of <paramref name="width"/> real features, each a block of its own.</summary>
    /// <param name="width">Number of features, at least 1.</param>
    public static FeatureLayout AllReal(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return new FeatureLayout(Enumerable.Range(0, width).Select(i => new FeatureBlock(i, 1, BlockKind.Real)));
    }
}

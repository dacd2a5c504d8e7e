using AEAnomaly.Models.Features;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;

namespace AEAnomaly.Models.Tests.Completion;

/// <summary>Draws normal rows of few fields that fall into three groups far from their mean: what is usual of a field depends on the others, and its mean lies where no row is.</summary>
internal static class GroupedRows
{
    private static readonly float[] Centers = [-1.5f, 0.2f, 1.4f];

    /// <summary>Gets the layout: two numbers, a boolean, a category and a moment of two features.</summary>
    public static FeatureLayout Layout { get; } = new(
    [
        new FeatureBlock(0, 1, BlockKind.Real),
        new FeatureBlock(1, 1, BlockKind.Real),
        new FeatureBlock(2, 1, BlockKind.Binary),
        new FeatureBlock(3, 3, BlockKind.Category),
        new FeatureBlock(6, 2, BlockKind.Real),
    ], ["level", "first", "flag", "kind", "circle"]);

    /// <summary>Draws rows; of windows, groups last for some records.</summary>
    /// <param name="records">Records.</param>
    /// <param name="window">Records of a row.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="flags">Flags of the records, or null.</param>
    public static TrainingSet Draw(int records, int window, ulong seed, byte[]? flags = null)
    {
        var random = new SeededRandom(seed);
        var values = new float[records * Layout.Width];
        var group = 0;
        for (var record = 0; record < records; record++)
        {
            if (window == 1 || record % 24 == 0)
                group = random.NextInt32(Centers.Length);
            var x = values.AsSpan(record * Layout.Width, Layout.Width);
            var angle = (group * 2 * Math.PI / 3) + (0.2 * random.NextNormal());
            x[0] = (float)(Centers[group] + (0.15 * random.NextNormal()));
            x[1] = (float)(x[0] + (0.1 * random.NextNormal()));
            x[2] = group == 2 ? 1 : 0;
            x[3 + group] = 1;
            (x[6], x[7]) = ((float)Math.Sin(angle), (float)Math.Cos(angle));
        }

        var set = window == 1
            ? new TrainingSet(Layout, values, records, flags)
            : new TrainingSet(Layout, values, records, flags, window, [.. Enumerable.Range(0, records - window + 1)]);
        for (var i = 0; flags is not null && i < flags.Length; i++)
        {
            var (record, block) = Math.DivRem(i, Layout.BlockCount);
            if (flags[i] != 0)
                values.AsSpan((record * Layout.Width) + Layout.Blocks[block].Start, Layout.Blocks[block].Width).Clear();
        }

        return set;
    }

    /// <summary>Flags some fields as missing in every record.</summary>
    public static byte[] Without(int records, params int[] blocks)
    {
        var flags = new byte[records * Layout.BlockCount];
        for (var record = 0; record < records; record++)
        {
            foreach (var block in blocks)
                flags[(record * Layout.BlockCount) + block] = 1;
        }

        return flags;
    }
}

using AEAnomaly.Models.Features;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Tests.Training;

/// <summary>Draws rows whose structure is known.</summary>
internal static class SyntheticRows
{
    /// <summary>Draws rows on a smooth manifold of dimension <paramref name="intrinsic"/>, features of variance about 1, plus noise.</summary>
    public static TrainingSet Manifold(int rows, int width, int intrinsic, double noise, ulong seed)
    {
        var structure = new SeededRandom(77);
        var mixing = new double[width * intrinsic];
        for (var i = 0; i < mixing.Length; i++)
            mixing[i] = structure.NextNormal();

        var random = new SeededRandom(seed);
        var values = new float[rows * width];
        var code = new double[intrinsic];
        for (var row = 0; row < rows; row++)
        {
            for (var k = 0; k < intrinsic; k++)
                code[k] = random.NextNormal();
            for (var j = 0; j < width; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < intrinsic; k++)
                    sum += mixing[(j * intrinsic) + k] * code[k];
                values[(row * width) + j] = (float)((1.5 * Math.Tanh(sum / Math.Sqrt(intrinsic))) + (noise * random.NextNormal()));
            }
        }

        return new TrainingSet(FeatureLayout.AllReal(width), values, rows);
    }

    /// <summary>Takes the rows of a set as the variant reads them: one by one, or as windows that begin one record apart.</summary>
    public static TrainingSet For(string variant, TrainingSet records)
    {
        var window = SequenceOptions.WindowOf(VariantCatalog.CreateOptions(variant));
        return window == 1 ? records : Windows(records, window);
    }

    /// <summary>Takes every window of a set of records.</summary>
    public static TrainingSet Windows(TrainingSet records, int window) => new(
        records.Layout, records.Values, records.Rows, records.Missing, window, [.. Enumerable.Range(0, records.Rows - window + 1)]);

    /// <summary>Gets a layout with every kind of block: 3 real, one real of width 2, one binary, categories of 3 and 7.</summary>
    public static FeatureLayout MixedLayout { get; } = new(
    [
        new FeatureBlock(0, 1, BlockKind.Real),
        new FeatureBlock(1, 1, BlockKind.Real),
        new FeatureBlock(2, 1, BlockKind.Real),
        new FeatureBlock(3, 2, BlockKind.Real),
        new FeatureBlock(5, 1, BlockKind.Binary),
        new FeatureBlock(6, 3, BlockKind.Category),
        new FeatureBlock(9, 7, BlockKind.Category),
    ], ["level", "first", "second", "circle", "flag", "kind", "code"]);

    /// <summary>Draws rows of <see cref="MixedLayout"/> in which the categories follow the real features, some fields missing.</summary>
    public static TrainingSet Mixed(int rows, double missingShare, ulong seed)
    {
        var layout = MixedLayout;
        var random = new SeededRandom(seed);
        var values = new float[rows * layout.Width];
        var missing = new byte[rows * layout.BlockCount];
        for (var row = 0; row < rows; row++)
        {
            var x = values.AsSpan(row * layout.Width, layout.Width);
            var kind = random.NextInt32(3);
            var angle = random.NextDouble() * 2 * Math.PI;
            x[0] = (float)(kind - 1 + (0.3 * random.NextNormal()));
            x[1] = (float)random.NextNormal();
            x[2] = (float)((0.8 * x[1]) + (0.2 * random.NextNormal()));
            x[3] = (float)Math.Sin(angle);
            x[4] = (float)Math.Cos(angle);
            x[5] = x[1] > 0 ? 1 : 0;
            x[6 + kind] = 1;
            x[9 + ((kind * 2) + random.NextInt32(2))] = 1;
            for (var b = 0; b < layout.BlockCount; b++)
            {
                if (random.NextDouble() >= missingShare)
                    continue;
                missing[(row * layout.BlockCount) + b] = 1;
                x[layout.Blocks[b].Start..layout.Blocks[b].End].Clear();
            }
        }

        return new TrainingSet(layout, values, rows, missingShare > 0 ? missing : null);
    }
}

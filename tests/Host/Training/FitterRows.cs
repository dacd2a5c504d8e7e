using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Host.Tests.Training;

/// <summary>A small training set and options, the same each time.</summary>
internal static class FitterRows
{
    public const int Count = 200;

    public static TrainingSet Set(bool withMissing = false)
    {
        var layout = new FeatureLayout([new FeatureBlock(0, 1, BlockKind.Real), new FeatureBlock(1, 1, BlockKind.Real), new FeatureBlock(2, 3, BlockKind.Category)]);
        var values = new float[Count * layout.Width];
        var missing = withMissing ? new byte[Count * layout.BlockCount] : null;
        for (var row = 0; row < Count; row++)
        {
            var place = row * layout.Width;
            values[place] = MathF.Sin(row);
            values[place + 1] = 2 * MathF.Sin(row);
            values[place + 2 + (row % 3)] = 1;
            if (missing is not null && row % 7 == 0)
                (values[place], missing[row * layout.BlockCount]) = (0, 1);
        }

        return new TrainingSet(layout, values, Count, missing);
    }

    public static TrainingOptions Options(int steps = 40) => new() { MaxSteps = steps, Seed = 3 };

    public static VariantOptions Variant(string name = "denoising") => VariantCatalog.CreateOptions(name);

    /// <summary>Scores rows of the set with a model, by the path that a stream is scored on.</summary>
    public static float[] Scores(TrainedModel model, TrainingSet set) => model.Freeze().ScoreAt(
        set.Values, set.Missing is null ? default : set.Missing.AsSpan(), [.. Enumerable.Range(0, set.Rows).Select(set.FirstRecord)]);
}

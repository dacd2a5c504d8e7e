using AEAnomaly.Models.Features;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Variants.CrossDomain;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Gives rows that any variant can be built for.</summary>
internal static class JudgedRows
{
    /// <summary>Names the kinds of rows: real features only, or every kind of field with a tenth of the values missing.</summary>
    public static string[] Kinds { get; } = ["real", "mixed"];

    /// <summary>Draws rows, or the windows of a variant that reads windows, and fills in what the options cannot do without.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="options">Options of the variant.</param>
    /// <param name="records">Number of records.</param>
    public static TrainingSet Draw(string kind, VariantOptions options, int records)
    {
        var set = kind == "mixed" ? SyntheticRows.Mixed(records, missingShare: 0.1, seed: 3) : Named(SyntheticRows.Manifold(records, 11, 3, 0.1, seed: 3));
        if (options is CrossDomainOptions crossDomain)
            crossDomain.FirstFields = [.. set.Layout.Fields!.Take(set.Layout.BlockCount / 2)];
        var window = SequenceOptions.WindowOf(options);
        return window == 1 ? set : SyntheticRows.Windows(set, window);
    }

    private static TrainingSet Named(TrainingSet set) =>
        new(new FeatureLayout(set.Layout.Blocks.ToArray(), [.. Enumerable.Range(0, set.Layout.BlockCount).Select(i => $"field {i}")]), set.Values, set.Rows);
}

using AEAnomaly.Models.Features;
using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Tests.Scores;

/// <summary>Makes rows for scores without a network.</summary>
internal static class ScoreRows
{
    /// <summary>Holds errors, values and latent vectors that are all the same numbers; the reconstruction is 0.</summary>
    public static NormalRows Of(FeatureLayout layout, float[] values, byte[]? missing = null) => new()
    {
        Layout = layout,
        Count = values.Length / layout.Width,
        LatentWidth = layout.Width,
        Values = values,
        Missing = missing,
        Own = new float[values.Length / layout.Width],
        Outputs = new float[values.Length],
        Residuals = values,
        Latent = values,
    };

    /// <summary>Computes the energies of all rows at once.</summary>
    public static float[] Judge(ScorePart part, NormalRows rows)
    {
        var energies = new float[rows.Count];
        ScoreSuite.Judge(part, rows.Slice(0, rows.Count), energies, new float[part.WorkFloats(rows.Count)]);
        return energies;
    }

    /// <summary>Computes each block's cost of one row in each kind of score, <c>[kinds, blocks]</c>.</summary>
    public static double[] Share(ScorePart part, NormalRows rows, int row)
    {
        var (energies, own) = (new float[part.Kinds.Count], new float[rows.Layout.BlockCount]);
        var costs = new double[energies.Length * own.Length];
        part.Explain(rows.Slice(row, 1), own, energies, costs, new float[part.WorkFloats(1)]);
        return costs;
    }
}

using AEAnomaly.Models.Features;
using AEAnomaly.Models.Neighbors;

namespace AEAnomaly.Models.Scores;

/// <summary>Takes the mean from vectors of features, field by field: a missing block is at the mean.</summary>
internal static class Centring
{
    /// <summary>Subtracts a mean from rows; blocks that are missing become 0.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="values">Row-major <c>[rows, layout.Width]</c>.</param>
    /// <param name="missing">Row-major <c>[rows, layout.BlockCount]</c>, or empty.</param>
    /// <param name="mean">Mean <c>[layout.Width]</c>.</param>
    /// <param name="centred">Receives <c>[rows, layout.Width]</c>.</param>
    public static void Apply(FeatureLayout layout, ReadOnlySpan<float> values, ReadOnlySpan<byte> missing, ReadOnlySpan<float> mean, Span<float> centred)
    {
        Apply(values, mean, centred);
        ClearMissing(layout, missing, centred);
    }

    /// <summary>Sets the features of missing blocks to 0.</summary>
    public static void ClearMissing(FeatureLayout layout, ReadOnlySpan<byte> missing, Span<float> values)
    {
        // Few flags are set: finding them is quicker than looking at each.
        for (int next, index = 0; index < missing.Length && (next = missing[index..].IndexOfAnyExcept((byte)0)) >= 0; index++)
        {
            index += next;
            var (row, block) = Math.DivRem(index, layout.BlockCount);
            values.Slice((row * layout.Width) + layout.Blocks[block].Start, layout.Blocks[block].Width).Clear();
        }
    }

    /// <summary>Subtracts a mean from vectors that have no fields.</summary>
    public static void Apply(ReadOnlySpan<float> values, ReadOnlySpan<float> mean, Span<float> centred)
    {
        for (var start = 0; start < values.Length; start += mean.Length)
            RowSums.Subtract(values.Slice(start, mean.Length), mean, centred[start..]);
    }

    /// <summary>Finds the mean of each feature over the rows that have it, and the rows without it.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="values">Row-major <c>[rows, layout.Width]</c>, 0 where missing.</param>
    /// <param name="missing">Row-major <c>[rows, layout.BlockCount]</c>, or empty.</param>
    /// <returns>
    /// The mean, and the centred rows: a row without the block holds zeros there, and the others grow by sqrt(rows / present), so that the variance of a feature is that
    /// of the rows that have it, while the matrix of all covariances stays positive.
    /// </returns>
    public static (float[] Mean, float[] Centred) Fit(FeatureLayout layout, ReadOnlySpan<float> values, ReadOnlySpan<byte> missing)
    {
        var (width, rows) = (layout.Width, values.Length / layout.Width);
        var (sums, present) = (new double[width], new int[layout.BlockCount]);
        for (var row = 0; row < rows; row++)
        {
            for (var b = 0; b < layout.BlockCount; b++)
            {
                if (!missing.IsEmpty && missing[(row * layout.BlockCount) + b] != 0)
                    continue;
                present[b]++;
                for (var j = layout.Blocks[b].Start; j < layout.Blocks[b].End; j++)
                    sums[j] += values[(row * width) + j];
            }
        }

        var (mean, scales) = (new float[width], new float[width]);
        for (var b = 0; b < layout.BlockCount; b++)
        {
            for (var j = layout.Blocks[b].Start; j < layout.Blocks[b].End && present[b] > 0; j++)
                (mean[j], scales[j]) = ((float)(sums[j] / present[b]), (float)Math.Sqrt((double)rows / present[b]));
        }

        var centred = new float[values.Length];
        Apply(layout, values, missing, mean, centred);
        for (var i = 0; i < centred.Length; i++)
            centred[i] *= scales[i % width];
        return (mean, centred);
    }

    /// <summary>Finds the mean of vectors that have no fields, and the vectors without it.</summary>
    public static (float[] Mean, float[] Centred) Fit(ReadOnlySpan<float> values, int width) => Fit(FeatureLayout.AllReal(width), values, default);
}

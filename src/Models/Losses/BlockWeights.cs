using AEAnomaly.Models.Features;
using AEAnomaly.Models.Rows;

namespace AEAnomaly.Models.Losses;

/// <summary>Weighs the blocks of a row so that no field dominates by its width or its entropy.</summary>
/// <remarks>
/// The weight of a block is one over the error that the best constant guess makes, so that a field which the network cannot foresee costs 1,
/// like a real feature of variance 1:
/// real: 1 / sum_j max(1, variance_j); binary and category: 1 / max(H, 1/2), with H the entropy in nats of the observed values (summed over the features
/// of a binary block). Two floors keep rare events from dominating: a real feature is never scaled up, and half a nat is the cross-entropy
/// at which weight 2 gives the log-likelihood of the block the same share as (x - mean)² gives that of a unit-variance Gaussian.
/// </remarks>
internal static class BlockWeights
{
    private const double EntropyFloor = 0.5;

    /// <summary>Computes the weights from the rows to learn from.</summary>
    /// <param name="set">Rows.</param>
    /// <param name="rows">Indices of the rows to look at.</param>
    /// <returns>One weight a block, positive.</returns>
    public static float[] Fit(TrainingSet set, ReadOnlySpan<int> rows)
    {
        var blocks = set.Layout.Blocks;
        var weights = new float[blocks.Length];
        for (var b = 0; b < blocks.Length; b++)
            weights[b] = (float)(1 / BaselineError(set, rows, b, blocks[b]));
        return weights;
    }

    private static double BaselineError(TrainingSet set, ReadOnlySpan<int> rows, int index, FeatureBlock block)
    {
        var width = set.Layout.Width;
        var means = new double[block.Width];
        var squares = new double[block.Width];
        var count = 0;
        foreach (var window in rows)
        {
            var row = set.LastRecord(window);
            if (set.Missing is { } missing && missing[(row * set.Layout.BlockCount) + index] != 0)
                continue;

            count++;
            for (var j = 0; j < block.Width; j++)
            {
                // Welford: a sum of squares would lose a small variance beside a large mean.
                var value = (double)set.Values[(row * width) + block.Start + j];
                var difference = value - means[j];
                means[j] += difference / count;
                squares[j] += difference * (value - means[j]);
            }
        }

        if (count == 0)
            return block.Kind == BlockKind.Real ? block.Width : EntropyFloor;

        var error = 0.0;
        for (var j = 0; j < block.Width; j++)
        {
            error += block.Kind switch
            {
                BlockKind.Real => Math.Max(1, squares[j] / count),
                BlockKind.Binary => Entropy(means[j]) + Entropy(1 - means[j]),
                _ => Entropy(means[j]),
            };
        }

        return block.Kind == BlockKind.Real ? error : Math.Max(EntropyFloor, error);
    }

    private static double Entropy(double probability) => probability is > 0 and < 1 ? -probability * Math.Log(probability) : 0;
}

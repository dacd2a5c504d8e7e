namespace AEAnomaly.Models.Frozen;

/// <summary>Divides a score among the blocks in proportion to what each of them cost.</summary>
internal static class BlockShares
{
    /// <summary>Computes contributions that sum to the score.</summary>
    /// <param name="score">Score of the row.</param>
    /// <param name="costs">Cost of each block; below 0 counts as 0. Missing blocks cost 0.</param>
    /// <param name="missing">Flags of the blocks, or empty.</param>
    /// <param name="contributions">Receives each block's part. Where nothing costs anything, every present block gets the same.</param>
    public static void Divide(float score, ReadOnlySpan<double> costs, ReadOnlySpan<byte> missing, Span<float> contributions)
    {
        var total = 0.0;
        var present = 0;
        for (var b = 0; b < costs.Length; b++)
        {
            total += Cost(costs[b]);
            present += missing.IsEmpty || missing[b] == 0 ? 1 : 0;
        }

        for (var b = 0; b < costs.Length; b++)
        {
            var isPresent = missing.IsEmpty || missing[b] == 0;
            var share = !isPresent ? 0 : total > 0 && double.IsFinite(total) ? Cost(costs[b]) / total : 1.0 / present;
            contributions[b] = (float)(score * share);
        }
    }

    private static double Cost(double cost) => double.IsNaN(cost) ? 0 : Math.Max(0, cost);
}

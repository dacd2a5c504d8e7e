namespace AEAnomaly.Models.Kernels;

/// <summary>Averages losses without the largest ones, so that a few unlabelled anomalies neither steer the weights nor the choice between them.</summary>
internal static class TrimmedMean
{
    /// <summary>Counts the rows that are left out.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="trimShare">Share of rows to leave out, 0 to 0.5; rounded down to whole rows.</param>
    public static int Trimmed(int rows, double trimShare) => (int)(rows * trimShare);

    /// <summary>Finds the factor each row's loss has in the mean: 1 / kept, or 0 for the worst rows.</summary>
    /// <param name="losses">Loss of each row.</param>
    /// <param name="trimShare">Share of rows to leave out, 0 to 0.5; see <see cref="Trimmed"/>. Of equal losses, later rows leave first.</param>
    /// <param name="factors">Receives the factors; same length.</param>
    /// <returns>The trimmed mean; not finite when a loss that is kept is not.</returns>
    public static double Factors(ReadOnlySpan<float> losses, double trimShare, Span<float> factors)
    {
        var trimmed = Trimmed(losses.Length, trimShare);
        var kept = losses.Length - trimmed;
        factors.Fill(1f / kept);
        if (trimmed > 0)
            ZeroLargest(losses, trimmed, factors);

        var sum = 0.0;
        for (var i = 0; i < losses.Length; i++)
        {
            if (factors[i] > 0)
                sum += losses[i];
        }

        return sum / kept;
    }

    // A heap of the largest so far, the least of them on top: few rows leave, so nearly every row costs one comparison.
    private static void ZeroLargest(ReadOnlySpan<float> losses, int count, Span<float> factors)
    {
        var largest = new PriorityQueue<int, (float Loss, int Row)>(count);
        for (var row = 0; row < count; row++)
            largest.Enqueue(row, (losses[row], row));
        largest.TryPeek(out _, out var least);
        for (var row = count; row < losses.Length; row++)
        {
            if (losses[row] < least.Loss)
                continue;

            largest.EnqueueDequeue(row, (losses[row], row));
            largest.TryPeek(out _, out least);
        }

        foreach (var (row, _) in largest.UnorderedItems)
            factors[row] = 0;
    }
}

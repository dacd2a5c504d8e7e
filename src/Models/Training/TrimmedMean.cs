namespace AEAnomaly.Models.Training;

/// <summary>Averages losses without the largest ones, so that a few unlabelled anomalies neither steer the weights nor the choice between them.</summary>
internal static class TrimmedMean
{
    /// <summary>Finds the factor each row's loss has in the mean: 1 / kept, or 0 for the worst rows.</summary>
    /// <param name="losses">Loss of each row.</param>
    /// <param name="trimShare">Share of rows to leave out, 0 to 0.5; rounded down to whole rows.</param>
    /// <param name="factors">Receives the factors; same length.</param>
    /// <returns>The trimmed mean.</returns>
    public static double Factors(ReadOnlySpan<float> losses, double trimShare, Span<float> factors)
    {
        var trimmed = (int)(losses.Length * trimShare);
        var kept = losses.Length - trimmed;
        factors.Fill(1f / kept);
        if (trimmed > 0)
        {
            var order = new int[losses.Length];
            for (var i = 0; i < order.Length; i++)
                order[i] = i;
            var keys = losses.ToArray();
            Array.Sort(keys, order);
            foreach (var row in order.AsSpan(kept))
                factors[row] = 0;
        }

        var sum = 0.0;
        for (var i = 0; i < losses.Length; i++)
        {
            if (factors[i] > 0)
                sum += losses[i];
        }

        return sum / kept;
    }
}

namespace AEAnomaly.Detection.Thresholds;

/// <summary>Bounds the share of all records above a score, given how many of a sample were.</summary>
/// <remarks>The upper limit of Clopper and Pearson, Biometrika 26, 1934: the share at which so few of the sample, or fewer, would have been above in 5 % of all samples.</remarks>
internal static class ExceedanceBound
{
    private const double Confidence = 0.95;
    private const int Halvings = 50;

    /// <summary>Computes the bound.</summary>
    /// <param name="sample">Scores in the sample, at least 0.</param>
    /// <param name="above">How many of them were above, at least 0.</param>
    /// <returns>A share of 0 to 1; 1 where all were above, or there is no sample.</returns>
    public static double Upper(int sample, int above)
    {
        if (above >= sample)
            return 1;

        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (AtMost(above, sample, middle) > 1 - Confidence)
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    // P(X <= count) of a binomial X, in logarithms: the first terms of a large sample are smaller than any double.
    private static double AtMost(int count, int sample, double share)
    {
        var logarithm = sample * Math.Log(1 - share);
        var odds = Math.Log(share) - Math.Log(1 - share);
        var sum = Math.Exp(logarithm);
        for (var i = 0; i < count; i++)
        {
            logarithm += Math.Log((double)(sample - i) / (i + 1)) + odds;
            sum += Math.Exp(logarithm);
        }

        return sum;
    }
}

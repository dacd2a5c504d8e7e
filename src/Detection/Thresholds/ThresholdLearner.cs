namespace AEAnomaly.Detection.Thresholds;

/// <summary>Learns a threshold from scores of records that the network did not learn from.</summary>
/// <remarks>
/// The estimator is the k-th smallest score with k = (n + 1) q, interpolated (Hyndman and Fan 1996, type 6). With exchangeable normal records a new one then
/// exceeds it with probability 1 - q on average, whatever the distribution and however small the sample; the usual type 7 flags more than asked when n is small.
/// Where (n + 1) q exceeds n the sample cannot tell, and the fitted tail of <see cref="ScoreDistribution"/> extrapolates, never below the largest score.
/// </remarks>
public static class ThresholdLearner
{
    /// <summary>The smallest threshold, so that a ratio is always defined.</summary>
    public const double SmallestValue = 1e-30;

    /// <summary>Learns a threshold.</summary>
    /// <param name="heldOutScores">Held-out scores, finite, in any order, at least one.</param>
    /// <param name="options">Method and its parameter.</param>
    /// <exception cref="ArgumentException">There is no score, or one is not finite.</exception>
    public static Threshold Learn(ReadOnlySpan<float> heldOutScores, ThresholdOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (heldOutScores.IsEmpty)
            throw new ArgumentException("A threshold needs at least one held-out score.", nameof(heldOutScores));

        var ascending = new double[heldOutScores.Length];
        for (var i = 0; i < ascending.Length; i++)
        {
            if (!float.IsFinite(heldOutScores[i]))
                throw new ArgumentException($"Held-out score {i} is {heldOutScores[i]}; expected a finite number.", nameof(heldOutScores));
            ascending[i] = heldOutScores[i];
        }

        Array.Sort(ascending);
        var distribution = ScoreDistribution.Summarise(ascending);
        var quantile = QuantileOf(options);
        var position = (ascending.Length + 1) * quantile - 1;
        var value = position <= ascending.Length - 1
            ? ScoreDistribution.Interpolate(ascending, Math.Max(position, 0))
            : Math.Max(ascending[^1], distribution.TailScore(Math.Min(1 - quantile, distribution.TailShare)));
        return new Threshold(Math.Max(value, SmallestValue), NameOf(options.Method), quantile, ascending.Length, distribution);
    }

    /// <summary>Gives the share of scores that stays at or below the threshold.</summary>
    /// <param name="options">Method and its parameter.</param>
    public static double QuantileOf(ThresholdOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Method == ThresholdMethod.AlertRate ? 1 - options.AlertRate : options.Quantile;
    }

    private static string NameOf(ThresholdMethod method) => method switch
    {
        ThresholdMethod.Quantile => "quantile",
        ThresholdMethod.AlertRate => "alert_rate",
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Unknown threshold method."),
    };
}

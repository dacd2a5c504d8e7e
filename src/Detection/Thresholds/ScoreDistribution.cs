namespace AEAnomaly.Detection.Thresholds;

/// <summary>Summarises held-out scores: quantiles for the body, a generalised Pareto tail for what lies above them.</summary>
/// <remarks>
/// The tail follows the peaks-over-threshold method (Pickands 1975): excesses over <see cref="TailStart"/> are generalised Pareto, fitted by probability-weighted
/// moments (Hosking and Wallis 1987). The shape is kept within [0, 0.9]: a negative one would claim a largest possible score that a finite sample cannot prove,
/// and the moments do not exist above. With fewer than <see cref="LeastExcesses"/> excesses the tail is exponential (shape 0).
/// </remarks>
/// <param name="Quantiles">Scores at evenly spaced shares from 0 to 1, ascending, 1 to 1,001 of them.</param>
/// <param name="TailStart">Score at which the fitted tail begins.</param>
/// <param name="TailShare">Share of scores above <paramref name="TailStart"/>, above 0.</param>
/// <param name="TailScale">Scale of the tail, above 0.</param>
/// <param name="TailShape">Shape of the tail, 0 to 0.9; 0 is exponential.</param>
public sealed record ScoreDistribution(IReadOnlyList<double> Quantiles, double TailStart, double TailShare, double TailScale, double TailShape)
{
    /// <summary>Excesses from which on the shape is fitted.</summary>
    public const int LeastExcesses = 20;

    /// <summary>The smallest tail probability that is claimed; below it the extrapolation says nothing.</summary>
    public const double SmallestProbability = 1e-12;

    private const int MostQuantiles = 1001;
    private const double LargestShape = 0.9;

    /// <summary>Summarises scores.</summary>
    /// <param name="ascending">Finite scores in ascending order, at least one.</param>
    /// <exception cref="ArgumentException">There is no score.</exception>
    public static ScoreDistribution Summarise(ReadOnlySpan<double> ascending)
    {
        if (ascending.IsEmpty)
            throw new ArgumentException("A distribution needs at least one score.", nameof(ascending));

        var quantiles = new double[Math.Min(ascending.Length, MostQuantiles)];
        for (var i = 0; i < quantiles.Length; i++)
        {
            var position = quantiles.Length == 1 ? 0 : (double)i / (quantiles.Length - 1) * (ascending.Length - 1);
            quantiles[i] = Interpolate(ascending, position);
        }

        // A twentieth of the sample, but enough excesses to fit where the sample allows.
        var excesses = Math.Clamp(ascending.Length / 20, Math.Min(LeastExcesses, ascending.Length / 5), ascending.Length);
        if (excesses == 0)
            return new ScoreDistribution(quantiles, ascending[^1], 1.0 / (ascending.Length + 1), SmallestScale(ascending[^1]), 0);

        var start = ascending[^(excesses + 1)];
        var (scale, shape) = FitTail(ascending[^excesses..], start);
        return new ScoreDistribution(quantiles, start, (double)excesses / (ascending.Length + 1), scale, shape);
    }

    /// <summary>Estimates the probability that a normal record scores higher.</summary>
    /// <param name="score">Score of a record.</param>
    /// <returns>Probability, <see cref="SmallestProbability"/> to 1; extrapolated where the score lies above all held-out ones.</returns>
    public double TailProbability(double score)
    {
        if (score <= TailStart)
            return Math.Max(1 - ShareAtOrBelow(score), TailShare);

        var excess = (score - TailStart) / TailScale;
        var survival = TailShape == 0 ? Math.Exp(-excess) : Math.Pow(1 + TailShape * excess, -1 / TailShape);
        return Math.Max(TailShare * survival, SmallestProbability);
    }

    /// <summary>Gives the share of held-out scores at or below a score, without extrapolation.</summary>
    /// <param name="score">Score of a record.</param>
    /// <returns>Share, 0 to 1.</returns>
    public double ShareAtOrBelow(double score)
    {
        if (score < Quantiles[0])
            return 0;

        // The first quantile above the score.
        int low = 0, high = Quantiles.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Quantiles[middle] <= score)
                low = middle + 1;
            else
                high = middle;
        }

        if (low == Quantiles.Count)
            return 1;
        var below = Quantiles[low - 1];
        return (low - 1 + (score - below) / (Quantiles[low] - below)) / (Quantiles.Count - 1);
    }

    /// <summary>Gives the score that the fitted tail exceeds with a given probability.</summary>
    /// <param name="probability">Probability, above 0, at most <see cref="TailShare"/>.</param>
    public double TailScore(double probability)
    {
        var ratio = TailShare / probability;
        return TailStart + TailScale * (TailShape == 0 ? Math.Log(ratio) : (Math.Pow(ratio, TailShape) - 1) / TailShape);
    }

    internal static double Interpolate(ReadOnlySpan<double> ascending, double position)
    {
        var below = Math.Clamp((int)position, 0, ascending.Length - 1);
        var above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
    }

    private static (double Scale, double Shape) FitTail(ReadOnlySpan<double> tail, double start)
    {
        // a0 is the mean excess, a1 the mean of excess times its estimated chance of being exceeded (Hosking and Wallis 1987, eq. 4).
        double a0 = 0, a1 = 0;
        for (var i = 0; i < tail.Length; i++)
        {
            var excess = tail[i] - start;
            a0 += excess / tail.Length;
            a1 += excess * (1 - (i + 0.65) / tail.Length) / tail.Length;
        }

        if (a0 <= SmallestScale(start))
            return (SmallestScale(start), 0);
        if (tail.Length < LeastExcesses || a0 - 2 * a1 <= 0)
            return (a0, 0);

        var shape = Math.Clamp(2 - a0 / (a0 - 2 * a1), 0, LargestShape);

        // The scale that keeps the mean excess at what was seen, also where the shape was limited.
        return (a0 * (1 - shape), shape);
    }

    // Scores that are all equal have no excess; the tail then falls within a millionth of the score.
    private static double SmallestScale(double score) => Math.Abs(score) * 1e-6 + 1e-30;
}

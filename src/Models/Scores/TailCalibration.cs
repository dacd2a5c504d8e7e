namespace AEAnomaly.Models.Scores;

/// <summary>Turns scores into -ln of their tail probability among normal rows, which makes scores of different kinds comparable.</summary>
/// <remarks>
/// Up to the limit (the upper tenth of the normal scores, or three times the square root of their number where that is less) the probability is the empirical one,
/// (rank - 0.5) / rows with the mean rank of equal scores, interpolated between at most <see cref="MostKnots"/> order statistics. Beyond it follows a
/// <see cref="ParetoTail"/>. The result is 0 or more, continuous, finite, and grows with every finite score: 0.69 at the median, 4.6 for one normal row in a hundred,
/// 6.9 for one in a thousand. Immutable and thread-safe.
/// </remarks>
internal sealed class TailCalibration
{
    /// <summary>Most order statistics that are kept.</summary>
    public const int MostKnots = 256;

    /// <summary>Number of floats that <see cref="Values"/> has, whatever the number of rows.</summary>
    public const int ValueCount = 2 + (2 * MostKnots);

    private const int FewestTailRows = 5;

    // A difference below this part of the score is rounding.
    private const double LeastRelativeScale = 1e-6;

    private readonly float[] _values;
    private readonly ParetoTail _tail;
    private readonly double _limit;
    private readonly double _surpriseAtLimit;
    private readonly double _spread;

    private TailCalibration(float[] values)
    {
        _values = values;
        _tail = new ParetoTail(values[0], values[1]);
        _limit = Scores[^1];
        _surpriseAtLimit = Surprises[^1];
        _spread = Math.Max(_limit - Scores[0], _tail.Scale);
    }

    /// <summary>Gets everything there is to store, <see cref="ValueCount"/> floats: scale and shape of the tail, the knots' scores, their surprises.</summary>
    public ReadOnlySpan<float> Values => _values;

    private ReadOnlySpan<float> Scores => _values.AsSpan(2, MostKnots);

    private ReadOnlySpan<float> Surprises => _values.AsSpan(2 + MostKnots, MostKnots);

    /// <summary>Fits the calibration.</summary>
    /// <param name="normalScores">Scores of normal rows that the model did not learn from, in any order; at least one.</param>
    /// <exception cref="ArgumentException">There is no score, or one is not finite.</exception>
    public static TailCalibration Fit(ReadOnlySpan<float> normalScores)
    {
        if (normalScores.IsEmpty)
            throw new ArgumentException("A tail calibration needs at least one score.", nameof(normalScores));
        var sorted = normalScores.ToArray();
        foreach (var score in sorted)
        {
            if (!float.IsFinite(score))
                throw new ArgumentException($"A tail calibration needs finite scores; found {score}.", nameof(normalScores));
        }

        Array.Sort(sorted);
        var knots = Knots(sorted);
        var limit = knots[^1].Score;
        var tail = FitTail(sorted, limit);
        var values = new float[ValueCount];
        (values[0], values[1]) = ((float)tail.Scale, (float)tail.Shape);
        for (var i = 0; i < MostKnots; i++)
        {
            // The last knot repeats to the end: the number of floats is then the same for any data.
            var (score, surprise) = knots[Math.Min(i, knots.Count - 1)];
            (values[2 + i], values[2 + MostKnots + i]) = (score, (float)surprise);
        }

        return new TailCalibration(values);
    }

    /// <summary>Restores a calibration from what <see cref="Values"/> gave.</summary>
    /// <param name="values">The floats; copied.</param>
    /// <exception cref="ArgumentException">Their number is another, or they are no calibration: not finite, not ascending, or a scale or shape that is not positive.</exception>
    public static TailCalibration Restore(ReadOnlySpan<float> values)
    {
        if (values.Length != ValueCount)
            throw new ArgumentException($"A tail calibration has {ValueCount} values; found {values.Length}.", nameof(values));
        if (!(values[0] > 0 && values[1] > 0 && Ascends(values.Slice(2, MostKnots)) && Ascends(values[(2 + MostKnots)..])))
            throw new ArgumentException("The values are no tail calibration: scale and shape must be positive, and the knots must ascend and be finite.", nameof(values));
        return new TailCalibration(values.ToArray());
    }

    /// <summary>Computes -ln of the probability that a normal row scores higher. Allocates nothing.</summary>
    /// <param name="score">Score; infinities count as the greatest finite number.</param>
    public float Apply(float score)
    {
        var clamped = Math.Clamp(score, float.MinValue, float.MaxValue);
        if (clamped >= _limit)
            return (float)(_surpriseAtLimit + _tail.Surprise(clamped - _limit));

        var scores = Scores;
        if (clamped < scores[0])
            return (float)(Surprises[0] / (1 + Math.Log(1 + ((scores[0] - (double)clamped) / _spread))));

        // The greatest knot at or below the score; one above exists, because the score is below the last.
        var (low, high) = (0, MostKnots - 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (scores[middle] <= clamped)
                low = middle;
            else
                high = middle;
        }

        var position = (clamped - (double)scores[low]) / ((double)scores[high] - scores[low]);
        return (float)(Surprises[low] + (position * ((double)Surprises[high] - Surprises[low])));
    }

    /// <summary>Replaces scores by -ln of their tail probabilities. Allocates nothing.</summary>
    public void Apply(Span<float> scores)
    {
        foreach (ref var score in scores)
            score = Apply(score);
    }

    // Evenly spaced by surprise: denser in rank the nearer the tail. The last one is the limit.
    private static List<(float Score, double Surprise)> Knots(float[] sorted)
    {
        var rows = sorted.Length;
        var tailRows = Math.Clamp((int)Math.Min(0.1 * rows, 3 * Math.Sqrt(rows)), Math.Min(FewestTailRows, rows - 1), rows - 1);
        var most = -Math.Log((tailRows + 0.5) / rows);
        var step = most / (MostKnots - 2);
        var knots = new List<(float Score, double Surprise)>(MostKnots);
        var start = 0;
        while (start < rows)
        {
            var end = start + 1;
            while (end < rows && sorted[end] == sorted[start])
                end++;

            var surprise = -Math.Log((rows - ((start + end) / 2.0)) / rows);
            var isLimit = end >= rows - tailRows;
            if (isLimit || start == 0 || surprise >= knots[^1].Surprise + step)
                knots.Add((sorted[start], surprise));
            if (isLimit)
                break;

            start = end;
        }

        return knots;
    }

    private static ParetoTail FitTail(float[] sorted, float limit)
    {
        var begin = Array.FindIndex(sorted, score => score > limit);
        var tail = begin < 0
            ? new ParetoTail(FallbackScale(sorted, limit), ParetoTail.GreatestShape)
            : ParetoTail.Fit(Array.ConvertAll(sorted[begin..], score => score - (double)limit));
        return tail with { Scale = Math.Clamp(tail.Scale, Math.Max(Math.Abs(limit) * LeastRelativeScale, 1e-30), float.MaxValue) };
    }

    // Nothing lies beyond the limit: the spread below it, or the magnitude of the only score there is.
    private static double FallbackScale(float[] sorted, float limit)
    {
        var spread = limit - (double)sorted[0];
        return spread > 0 ? spread : limit != 0 ? Math.Abs((double)limit) : 1;
    }

    private static bool Ascends(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]) || (i > 0 && values[i] < values[i - 1]))
                return false;
        }

        return true;
    }
}

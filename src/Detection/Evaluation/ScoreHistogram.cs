namespace AEAnomaly.Detection.Evaluation;

/// <summary>Shows how the scores of normal records and anomalies are distributed.</summary>
/// <param name="IsLogarithmic">Whether the bins are of equal width in the logarithm of the score.</param>
/// <param name="Bins">Adjacent bins, lowest first; every record is in one of them.</param>
public sealed record ScoreHistogram(bool IsLogarithmic, IReadOnlyList<ScoreHistogramBin> Bins)
{
    // Reconstruction errors spread over orders of magnitude; below this ratio of largest to smallest a linear axis still shows all of them.
    private const double LogarithmicFromRatio = 20;

    // Scores further than this below the largest share the first bin, or a single score near zero would squeeze all others into a corner.
    private const double DecadesShown = 8;

    /// <summary>Counts scores into bins.</summary>
    /// <param name="scores">Finite scores, higher is more anomalous; at least one.</param>
    /// <param name="labels">True for anomalies, same length.</param>
    /// <param name="binCount">Number of bins, at least 1.</param>
    /// <exception cref="ArgumentException">There is no score, lengths differ, or a score is not finite.</exception>
    public static ScoreHistogram Measure(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, int binCount = 60)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(binCount, 1);
        if (scores.IsEmpty || scores.Length != labels.Length)
            throw new ArgumentException($"A histogram needs as many labels as scores, and at least one; found {scores.Length} and {labels.Length}.", nameof(scores));

        double least = double.PositiveInfinity, leastPositive = double.PositiveInfinity, most = double.NegativeInfinity;
        for (var i = 0; i < scores.Length; i++)
        {
            if (!float.IsFinite(scores[i]))
                throw new ArgumentException($"Score {i} is {scores[i]}; a histogram needs finite scores.", nameof(scores));
            least = Math.Min(least, scores[i]);
            most = Math.Max(most, scores[i]);
            if (scores[i] > 0)
                leastPositive = Math.Min(leastPositive, scores[i]);
        }

        var logarithmic = least >= 0 && most > 0 && most / leastPositive >= LogarithmicFromRatio;
        var edges = logarithmic
            ? LogarithmicEdges(Math.Max(leastPositive, most * Math.Pow(10, -DecadesShown)), most, binCount)
            : LinearEdges(least, most, binCount);
        edges[0] = Math.Min(edges[0], least);

        var normals = new int[binCount];
        var anomalies = new int[binCount];
        for (var i = 0; i < scores.Length; i++)
        {
            var found = Array.BinarySearch(edges, scores[i]);
            var bin = Math.Clamp(found >= 0 ? found : ~found - 1, 0, binCount - 1);
            (labels[i] ? anomalies : normals)[bin]++;
        }

        var bins = new ScoreHistogramBin[binCount];
        for (var i = 0; i < binCount; i++)
            bins[i] = new ScoreHistogramBin(edges[i], edges[i + 1], normals[i], anomalies[i]);

        return new ScoreHistogram(logarithmic, bins);
    }

    private static double[] LinearEdges(double least, double most, int binCount)
    {
        // Equal scores still need bins of some width.
        var width = most > least ? (most - least) / binCount : Math.Max(Math.Abs(most), 1) / binCount;
        var edges = new double[binCount + 1];
        for (var i = 0; i <= binCount; i++)
            edges[i] = least + (i * width);

        edges[binCount] = Math.Max(edges[binCount], most);
        return edges;
    }

    private static double[] LogarithmicEdges(double least, double most, int binCount)
    {
        var step = Math.Log(most / least) / binCount;
        var edges = new double[binCount + 1];
        for (var i = 0; i <= binCount; i++)
            edges[i] = least * Math.Exp(i * step);

        edges[0] = least;
        edges[binCount] = most;
        return edges;
    }
}

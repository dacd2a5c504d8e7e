namespace AEAnomaly.Detection.Evaluation;

/// <summary>Ranks scores from the most anomalous down: what would be flagged at each distinct score. Equal scores are one step, so no order among ties is invented.</summary>
internal sealed class ScoreRanking
{
    private readonly Step[] _steps;

    private ScoreRanking(Step[] steps, int anomalies, int normals)
    {
        _steps = steps;
        Anomalies = anomalies;
        Normals = normals;
    }

    public int Anomalies { get; }

    public int Normals { get; }

    /// <summary>Gets one step for each distinct score, highest first; counts are cumulative.</summary>
    public ReadOnlySpan<Step> Steps => _steps;

    public static ScoreRanking Create(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels)
    {
        if (scores.Length != labels.Length)
            throw new ArgumentException($"Found {scores.Length} scores but {labels.Length} labels; each score needs its label.", nameof(labels));

        var sortedScores = scores.ToArray();
        for (var i = 0; i < sortedScores.Length; i++)
        {
            if (float.IsNaN(sortedScores[i]))
                throw new ArgumentException($"Score {i} is NaN; a score must be a number.", nameof(scores));
        }

        var sortedLabels = labels.ToArray();
        Array.Sort(sortedScores, sortedLabels);

        var steps = new List<Step>();
        var anomalies = 0;
        var normals = 0;
        for (var i = sortedScores.Length - 1; i >= 0; i--)
        {
            if (sortedLabels[i])
                anomalies++;
            else
                normals++;
            if (i == 0 || sortedScores[i - 1] != sortedScores[i])
                steps.Add(new Step(sortedScores[i], anomalies, normals));
        }

        if (anomalies == 0 || normals == 0)
        {
            throw new ArgumentException(
                $"Quality needs anomalies and normal records; found {anomalies} anomalies and {normals} normal records.", nameof(labels));
        }

        return new ScoreRanking([.. steps], anomalies, normals);
    }

    /// <summary>Integrates the ROC curve by trapezoids, which counts a tie of an anomaly and a normal record as half.</summary>
    public double AreaUnderRoc()
    {
        // Twice the area in units of record pairs; below 2^53 pairs it is exact.
        var doubledArea = 0.0;
        var before = default(Step);
        foreach (var step in _steps)
        {
            doubledArea += (double)(step.FalsePositives - before.FalsePositives) * (step.TruePositives + before.TruePositives);
            before = step;
        }

        return doubledArea / 2 / ((double)Anomalies * Normals);
    }

    /// <summary>Sums precision times the step in recall, without interpolation, as scikit-learn's average_precision_score does.</summary>
    public double AveragePrecision()
    {
        var sum = 0.0;
        var found = 0;
        foreach (var step in _steps)
        {
            sum += (step.TruePositives - found) * step.Precision;
            found = step.TruePositives;
        }

        return sum / Anomalies;
    }

    /// <param name="Score">Flagged are the records with at least this score.</param>
    /// <param name="TruePositives">Anomalies among them.</param>
    /// <param name="FalsePositives">Normal records among them.</param>
    public readonly record struct Step(float Score, int TruePositives, int FalsePositives)
    {
        public double Precision => (double)TruePositives / (TruePositives + FalsePositives);
    }
}

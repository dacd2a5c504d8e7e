namespace AEAnomaly.Detection.Evaluation;

/// <summary>Holds how well scores tell anomalies from normal records.</summary>
/// <param name="AucRoc">Area under the ROC curve, 0 to 1; ties count half.</param>
/// <param name="AucPr">Average precision: sum of precision times the step in recall, 0 to 1.</param>
/// <param name="TruePositives">Anomalies with a score above the threshold.</param>
/// <param name="FalsePositives">Normal records above the threshold.</param>
/// <param name="TrueNegatives">Normal records at or below it.</param>
/// <param name="FalseNegatives">Anomalies at or below it.</param>
public sealed record DetectionQuality(double AucRoc, double AucPr, int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives)
{
    /// <summary>Gets the share of flagged records that are anomalies; 0 when none is flagged.</summary>
    public double Precision => TruePositives + FalsePositives == 0 ? 0 : (double)TruePositives / (TruePositives + FalsePositives);

    /// <summary>Gets the share of anomalies that are flagged; 0 when there is none.</summary>
    public double Recall => TruePositives + FalseNegatives == 0 ? 0 : (double)TruePositives / (TruePositives + FalseNegatives);

    /// <summary>Gets the harmonic mean of precision and recall; 0 when both are.</summary>
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    /// <summary>Measures scores against labels.</summary>
    /// <param name="scores">Scores, higher is more anomalous.</param>
    /// <param name="labels">True for anomalies, same length.</param>
    /// <param name="threshold">Score above which a record is flagged.</param>
    /// <exception cref="ArgumentException">Lengths differ, a score is NaN, or all labels are equal.</exception>
    public static DetectionQuality Measure(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, double threshold)
    {
        var ranking = ScoreRanking.Create(scores, labels);
        var truePositives = 0;
        var falsePositives = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] <= threshold)
                continue;
            if (labels[i])
                truePositives++;
            else
                falsePositives++;
        }

        return new DetectionQuality(
            ranking.AreaUnderRoc(),
            ranking.AveragePrecision(),
            truePositives,
            falsePositives,
            ranking.Normals - falsePositives,
            ranking.Anomalies - truePositives);
    }
}

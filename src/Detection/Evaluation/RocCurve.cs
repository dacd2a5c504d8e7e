namespace AEAnomaly.Detection.Evaluation;

/// <summary>Holds the receiver operating characteristic: true positive rate over false positive rate, from (0, 0) to (1, 1).</summary>
/// <param name="Points">Points with rising X and Y.</param>
public sealed record RocCurve(IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Measures the curve of scores against labels.</summary>
    /// <param name="scores">Scores, higher is more anomalous.</param>
    /// <param name="labels">True for anomalies, same length.</param>
    /// <param name="maxPoints">Most points kept, at least 2; enough for a plot, not for integrating (use <see cref="DetectionQuality.Measure"/>).</param>
    /// <exception cref="ArgumentException">Lengths differ, a score is NaN, or all labels are equal.</exception>
    public static RocCurve Measure(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, int maxPoints = 400)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPoints, 2);
        var ranking = ScoreRanking.Create(scores, labels);
        var points = new List<CurvePoint>(ranking.Steps.Length + 1) { new(0, 0, double.PositiveInfinity) };
        foreach (var step in ranking.Steps)
            points.Add(new CurvePoint((double)step.FalsePositives / ranking.Normals, (double)step.TruePositives / ranking.Anomalies, step.Score));

        return new RocCurve(CurveThinning.Thin(points, maxPoints));
    }
}

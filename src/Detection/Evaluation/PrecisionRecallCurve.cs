namespace AEAnomaly.Detection.Evaluation;

/// <summary>Holds precision over recall, from recall 0 (precision 1 by convention) to recall 1.</summary>
/// <param name="Points">Points with rising X.</param>
public sealed record PrecisionRecallCurve(IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Measures the curve of scores against labels.</summary>
    /// <param name="scores">Scores, higher is more anomalous.</param>
    /// <param name="labels">True for anomalies, same length.</param>
    /// <param name="maxPoints">Most points kept, at least 2; enough for a plot, not for integrating (use <see cref="DetectionQuality.Measure"/>).</param>
    /// <exception cref="ArgumentException">Lengths differ, a score is NaN, or all labels are equal.</exception>
    public static PrecisionRecallCurve Measure(ReadOnlySpan<float> scores, ReadOnlySpan<bool> labels, int maxPoints = 400)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPoints, 2);
        var ranking = ScoreRanking.Create(scores, labels);
        var points = new List<CurvePoint>(ranking.Steps.Length + 1) { new(0, 1, double.PositiveInfinity) };
        foreach (var step in ranking.Steps)
        {
            points.Add(new CurvePoint((double)step.TruePositives / ranking.Anomalies, step.Precision, step.Score));

            // Past full recall precision only falls; nothing more is read off the curve.
            if (step.TruePositives == ranking.Anomalies)
                break;
        }

        return new PrecisionRecallCurve(CurveThinning.Thin(points, maxPoints));
    }
}

namespace AEAnomaly.Detection.Evaluation;

/// <summary>Thins a curve for plotting: keeps the ends and points at even distances along the path, so that steep and flat parts are drawn alike.</summary>
internal static class CurveThinning
{
    public static IReadOnlyList<CurvePoint> Thin(List<CurvePoint> points, int maxPoints)
    {
        if (points.Count <= maxPoints)
            return points;

        var length = 0.0;
        for (var i = 1; i < points.Count; i++)
            length += Distance(points[i - 1], points[i]);

        var spacing = length / (maxPoints - 1);
        var kept = new List<CurvePoint>(maxPoints) { points[0] };
        var travelled = 0.0;
        for (var i = 1; i < points.Count - 1; i++)
        {
            travelled += Distance(points[i - 1], points[i]);
            if (travelled < spacing || kept.Count >= maxPoints - 1)
                continue;
            kept.Add(points[i]);
            travelled = 0;
        }

        kept.Add(points[^1]);
        return kept;
    }

    private static double Distance(CurvePoint a, CurvePoint b) => Math.Abs(b.X - a.X) + Math.Abs(b.Y - a.Y);
}

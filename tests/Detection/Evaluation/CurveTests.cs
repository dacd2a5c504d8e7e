using AEAnomaly.Detection.Evaluation;

namespace AEAnomaly.Detection.Tests.Evaluation;

public sealed class CurveTests
{
    [Fact]
    public void RocCurve_PublishedExample_HasItsPoints()
    {
        var curve = RocCurve.Measure([0.1f, 0.4f, 0.35f, 0.8f], [false, false, true, true]);

        Assert.Equal([(0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1)], curve.Points.Select(point => (point.X, point.Y)));
        Assert.Equal(double.PositiveInfinity, curve.Points[0].Score);
        Assert.Equal(0.8f, curve.Points[1].Score);
    }

    [Fact]
    public void PrecisionRecallCurve_PublishedExample_EndsAtFullRecall()
    {
        var curve = PrecisionRecallCurve.Measure([0.1f, 0.4f, 0.35f, 0.8f], [false, false, true, true]);

        Assert.Equal([(0, 1), (0.5, 1), (0.5, 0.5), (1, 2.0 / 3)], curve.Points.Select(point => (point.X, point.Y)));
    }

    [Fact]
    public void RocCurve_ManyScores_IsThinnedCloseToTheWholeCurve()
    {
        var random = new Random(23);
        var labels = Enumerable.Range(0, 20_000).Select(i => i % 10 == 0).ToArray();
        var scores = labels.Select(label => (float)(random.NextDouble() + (label ? 0.3 : 0))).ToArray();

        var whole = RocCurve.Measure(scores, labels, int.MaxValue).Points;
        var thin = RocCurve.Measure(scores, labels, 100).Points;

        Assert.InRange(thin.Count, 50, 100);
        Assert.Equal(whole[0], thin[0]);
        Assert.Equal(whole[^1], thin[^1]);
        Assert.Equal(DetectionQuality.Measure(scores, labels, 0).AucRoc, Area(whole), 1e-9);
        Assert.Equal(Area(whole), Area(thin), 1e-3);
    }

    [Fact]
    public void ScoreHistogram_WideScores_IsLogarithmicAndCountsEveryRecord()
    {
        float[] scores = [0, 0.001f, 0.01f, 0.1f, 1, 10, 100];
        bool[] labels = [false, false, false, false, false, true, true];

        var histogram = ScoreHistogram.Measure(scores, labels, 5);

        Assert.True(histogram.IsLogarithmic);
        Assert.Equal(5, histogram.Bins.Count);
        Assert.Equal((0.0, 100.0), (histogram.Bins[0].From, histogram.Bins[^1].To));
        Assert.Equal((5, 2), (histogram.Bins.Sum(bin => bin.Normals), histogram.Bins.Sum(bin => bin.Anomalies)));
        Assert.Equal(0, histogram.Bins[0].Anomalies);
        Assert.True(histogram.Bins[^1].Anomalies >= 1);
    }

    [Fact]
    public void ScoreHistogram_NarrowScores_IsLinear()
    {
        var histogram = ScoreHistogram.Measure([1, 2, 3, 4, 5], [false, false, false, false, true], 4);

        Assert.False(histogram.IsLogarithmic);
        Assert.Equal(
            [new ScoreHistogramBin(1, 2, 1, 0), new ScoreHistogramBin(2, 3, 1, 0), new ScoreHistogramBin(3, 4, 1, 0), new ScoreHistogramBin(4, 5, 1, 1)],
            histogram.Bins);
    }

    [Fact]
    public void ScoreHistogram_EqualScores_StillHasBinsOfSomeWidth()
    {
        var histogram = ScoreHistogram.Measure([2, 2, 2], [false, false, true], 3);

        Assert.All(histogram.Bins, bin => Assert.True(bin.To > bin.From));
        Assert.Equal((2, 1), (histogram.Bins.Sum(bin => bin.Normals), histogram.Bins.Sum(bin => bin.Anomalies)));
    }

    private static double Area(IReadOnlyList<CurvePoint> points)
    {
        var area = 0.0;
        for (var i = 1; i < points.Count; i++)
            area += (points[i].X - points[i - 1].X) * (points[i].Y + points[i - 1].Y) / 2;
        return area;
    }
}

using AEAnomaly.Detection.Evaluation;
using AEAnomaly.Host.Commands.Evaluation;

namespace AEAnomaly.Host.Reports;

/// <summary>Draws the plots of an evaluation.</summary>
internal static class EvaluationPlots
{
    private const int Bins = 70;

    public static string Roc(EvaluationResult result)
    {
        var curve = RocCurve.Measure(result.Scores, result.Labels);
        var plot = new Plot(560, 400, new PlotAxis("false alarms: share of normal rows", 0, 1, IsPercent: true), new PlotAxis("found: share of anomalies", 0, 1, IsPercent: true));
        plot.Line([(0, 0), (1, 1)], "guess");
        plot.Area([.. curve.Points.Select(p => (p.X, p.Y))], "curve");
        plot.Dot(result.FalsePositiveRate, result.Quality.Recall, "learned threshold");
        return plot.ToSvg("roc", FormattableString.Invariant($"ROC curve, area {result.Quality.AucRoc:0.000}"));
    }

    public static string PrecisionRecall(EvaluationResult result)
    {
        var curve = PrecisionRecallCurve.Measure(result.Scores, result.Labels);
        var prevalence = (double)result.TestAnomalies / result.TestRows;
        var plot = new Plot(560, 400, new PlotAxis("recall: share of anomalies found", 0, 1, IsPercent: true), new PlotAxis("precision", 0, 1, IsPercent: true));
        plot.Line([(0, prevalence), (1, prevalence)], "guess");
        plot.Area([.. curve.Points.Select(p => (p.X, p.Y))], "curve");
        if (result.Quality.TruePositives + result.Quality.FalsePositives > 0)
            plot.Dot(result.Quality.Recall, result.Quality.Precision, "learned threshold");
        return plot.ToSvg("pr", FormattableString.Invariant($"Precision-recall curve, average precision {result.Quality.AucPr:0.000}"));
    }

    /// <summary>Draws how the ratios (score over threshold) of normal rows and anomalies are distributed, each as shares of its own kind.</summary>
    public static string Distribution(EvaluationResult result)
    {
        var threshold = result.Trained.Threshold.Value;

        // A score that overflowed is shown at the end of the axis, not left out.
        var ratios = Array.ConvertAll(result.Scores, s => float.IsFinite(s) ? (float)(s / threshold) : float.NaN);
        var largest = ratios.Where(r => !float.IsNaN(r)).DefaultIfEmpty(1).Max();
        ratios = Array.ConvertAll(ratios, r => float.IsNaN(r) ? largest : r);
        var histogram = ScoreHistogram.Measure(ratios, result.Labels, Bins);

        double normals = result.TestRows - result.TestAnomalies;
        double anomalies = result.TestAnomalies;
        var most = histogram.Bins.Max(b => Math.Max(b.Normals / normals, b.Anomalies / anomalies));
        var from = histogram.IsLogarithmic ? histogram.Bins[0].To / (histogram.Bins[1].To / histogram.Bins[1].From) : histogram.Bins[0].From;
        var to = Math.Max(histogram.Bins[^1].To, 1.25);
        var title = "score as a multiple of the threshold" + (histogram.IsLogarithmic ? " (logarithmic)" : "");
        var plot = new Plot(1160, 340, new PlotAxis(title, Math.Min(from, 0.8), to, histogram.IsLogarithmic), new PlotAxis("share of its kind", 0, most * 1.08, IsPercent: true));
        foreach (var bin in histogram.Bins)
        {
            plot.Bar(bin.From, bin.To, bin.Normals / normals, "normal");
            plot.Bar(bin.From, bin.To, bin.Anomalies / anomalies, "anomaly");
        }

        plot.Vertical(1, "threshold");
        return plot.ToSvg("distribution", "Distribution of the scores of normal rows and of anomalies, with the threshold");
    }
}

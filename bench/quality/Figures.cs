namespace AEAnomaly.Bench.Quality;

/// <summary>Holds the figures of one method on one set: means over its seeds.</summary>
/// <param name="AucPr">Average precision, 0 to 1.</param>
/// <param name="AucRoc">Area under the ROC curve, 0 to 1.</param>
/// <param name="AucPrDeviation">Standard deviation over seeds of the average precision; 0 with one seed.</param>
/// <param name="FitSeconds">Seconds to fit, or null where nobody measured them.</param>
/// <param name="RowsPerSecond">Rows scored a second, or null.</param>
/// <param name="AlertRate">Share of unseen normal records flagged, or null.</param>
/// <param name="Contaminated">Average precision with anomalies among the training rows, or null.</param>
/// <param name="SmoothAucPr">Average precision of a trailing mean of the score, or null.</param>
/// <param name="SmoothAucRoc">Area under the ROC curve of that mean, or null.</param>
internal sealed record Figures(
    double AucPr,
    double AucRoc,
    double AucPrDeviation = 0,
    double? FitSeconds = null,
    double? RowsPerSecond = null,
    double? AlertRate = null,
    double? Contaminated = null,
    double? SmoothAucPr = null,
    double? SmoothAucRoc = null)
{
    /// <summary>Sums up the runs of one candidate on one set.</summary>
    public static Figures Of(IReadOnlyCollection<Run> runs)
    {
        var (clean, mixed) = (runs.Where(r => !r.Name.Contaminated).ToList(), runs.Where(r => r.Name.Contaminated).ToList());
        return new Figures(
            clean.Average(r => r.AucPr), clean.Average(r => r.AucRoc), Deviation(clean.ConvertAll(r => r.AucPr)), clean.Average(r => r.FitSeconds),
            clean.Average(r => r.RowsPerSecond), clean.Average(r => r.AlertRate), mixed.Count == 0 ? null : mixed.Average(r => r.AucPr),
            clean.Average(r => r.SmoothAucPr), clean.Average(r => r.SmoothAucRoc));
    }

    /// <summary>Sums up the runs of one peer on one set.</summary>
    public static Figures Of(IReadOnlyCollection<PeerRun> runs) => new(
        runs.Average(r => r.AucPr), runs.Average(r => r.AucRoc), Deviation([.. runs.Select(r => r.AucPr)]), runs.Average(r => r.FitSeconds),
        runs.Average(r => r.RowsPerSecond), SmoothAucPr: runs.Average(r => r.SmoothAucPr), SmoothAucRoc: runs.Average(r => r.SmoothAucRoc));

    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return values.Count < 2 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }
}

using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.Commands.Evaluation;

namespace AEAnomaly.Host.Reports;

/// <summary>Writes an evaluation as one page that needs nothing else: inline style and drawings, no scripts.</summary>
internal static class EvaluationReport
{
    private const int MostFeatures = 12;

    /// <summary>Writes the page.</summary>
    /// <param name="result">What was measured.</param>
    /// <param name="details">What explains it.</param>
    /// <param name="writtenAt">Date shown on the page.</param>
    public static string Write(EvaluationResult result, EvaluationDetails details, DateTimeOffset writtenAt)
    {
        var name = Path.GetFileName(result.Source);
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\" />");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />");
        page.Append($"<title>Detection quality: {HtmlText.Escape(name)}</title><style>{ReportStyle.Sheet}</style></head>\n<body><main>\n");
        page.Append(Text($"<header><p class=\"eyebrow\">AEAnomaly {ProgramVersion.Number} evaluation</p><h1>{HtmlText.Escape(name)}</h1>"));
        page.Append(Text($"<p>Variant <b>{HtmlText.Escape(result.Variant)}</b>, seed {result.Seed}, {writtenAt:yyyy-MM-dd HH:mm} UTC</p></header>\n"));
        AppendSummary(page, result);
        AppendCards(page, result);
        page.Append("<section><h2>Score distribution</h2><p>How far records lie from what was learned. Right of the threshold a record is flagged; each kind adds up to 100 %.</p>");
        page.Append("<div class=\"legend\"><span><i class=\"normal\"></i>normal rows</span><span><i class=\"anomaly\"></i>anomalies</span></div>");
        page.Append(EvaluationPlots.Distribution(result)).Append("</section>\n");
        page.Append(Text($"<div class=\"pair\"><section><h2>ROC curve</h2><p>Area {result.Quality.AucRoc:0.000}; guessing gives 0.5.</p>"));
        page.Append(EvaluationPlots.Roc(result)).Append("</section>");
        page.Append(Text($"<section><h2>Precision and recall</h2><p>Average precision {result.Quality.AucPr:0.000}; guessing gives {(double)result.TestAnomalies / result.TestRows:0.000}.</p>"));
        page.Append(EvaluationPlots.PrecisionRecall(result)).Append("</section></div>\n");
        page.Append("<div class=\"pair\"><div>");
        AppendConfusion(page, result);
        AppendFacts(page, result);
        page.Append("</div>");
        AppendFeatures(page, details);
        page.Append("</div>\n");
        AppendRecords(page, details);
        page.Append("<footer>Everything that was learned (encoding, network, threshold) comes from the training rows alone. ratio = score / threshold; above 1 a record is flagged.</footer>\n");
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void AppendSummary(StringBuilder page, EvaluationResult r)
    {
        var q = r.Quality;
        var flagged = q.TruePositives + q.FalsePositives;
        page.Append(Text($"<p class=\"lead\">At the learned threshold <b>{q.TruePositives:N0} of {r.TestAnomalies:N0} anomalies</b> are found and <b>{q.FalsePositives:N0} of {r.TestRows - r.TestAnomalies:N0} normal rows</b> raise a false alarm. "));
        page.Append(flagged == 0
            ? "Nothing was flagged; a lower quantile or a higher alert rate flags more."
            : Text($"Of {flagged:N0} flagged rows, {100 * q.Precision:0.#} % are anomalies."));
        page.Append("</p>\n");
    }

    private static void AppendCards(StringBuilder page, EvaluationResult r)
    {
        page.Append("<div class=\"cards\">");
        Card(page, Text($"{r.Quality.AucPr:0.000}"), "AUC-PR: ranking, anomalies first");
        Card(page, Text($"{r.Quality.AucRoc:0.000}"), "AUC-ROC");
        Card(page, Text($"{100 * r.Quality.Precision:0.0} %"), "precision at the threshold");
        Card(page, Text($"{100 * r.Quality.Recall:0.0} %"), "recall at the threshold");
        Card(page, Text($"{100 * r.FalsePositiveRate:0.00} %"), "false alarms among normal rows");
        Card(page, Text($"{r.ScoreRowsPerSecond:N0}"), "rows scored a second, one thread");
        page.Append("</div>\n");
    }

    private static void Card(StringBuilder page, string value, string meaning) => page.Append($"<div class=\"card\"><b>{value}</b><span>{meaning}</span></div>");

    private static void AppendConfusion(StringBuilder page, EvaluationResult r)
    {
        var q = r.Quality;
        page.Append("<section><h2>Confusion at the threshold</h2><p>What the labels say against what was flagged.</p><table id=\"confusion\" class=\"confusion\">");
        page.Append("<tr><th></th><th>flagged</th><th>not flagged</th></tr>");
        page.Append(Text($"<tr><th>anomaly</th><td class=\"right\"><b>{q.TruePositives:N0}</b><small>found</small></td><td class=\"wrong\"><b>{q.FalseNegatives:N0}</b><small>missed</small></td></tr>"));
        page.Append(Text($"<tr><th>normal</th><td class=\"wrong\"><b>{q.FalsePositives:N0}</b><small>false alarms</small></td><td class=\"right\"><b>{q.TrueNegatives:N0}</b><small>rightly quiet</small></td></tr>"));
        page.Append(Text($"</table><p>F1 {q.F1:0.000}</p></section>"));
    }

    private static void AppendFeatures(StringBuilder page, EvaluationDetails details)
    {
        var largest = Math.Max(1e-9, details.Features.Take(MostFeatures).Select(f => Math.Max(f.InAnomalies, f.InNormals)).DefaultIfEmpty(0).Max());
        page.Append(Text($"<section><h2>Most contributing features</h2><p>Mean share of the score: {details.ExplainedAnomalies:N0} anomalies (above), normal rows (below).</p><table id=\"features\">"));
        foreach (var feature in details.Features.Take(MostFeatures))
        {
            page.Append(Text($"<tr><td class=\"text\">{HtmlText.Escape(feature.Name)}</td><td><div class=\"track\"><div class=\"fill anomaly\" style=\"width:{100 * feature.InAnomalies / largest:0.#}%\"></div></div>"));
            page.Append(Text($"<div class=\"track\"><div class=\"fill normal\" style=\"width:{100 * feature.InNormals / largest:0.#}%\"></div></div></td><td class=\"number\">{100 * feature.InAnomalies:0.0} %<br /><small>{100 * feature.InNormals:0.0} %</small></td></tr>"));
        }

        page.Append("</table></section>");
    }

    private static void AppendRecords(StringBuilder page, EvaluationDetails details)
    {
        page.Append("<section><h2>Highest scores</h2><p>The test rows that lie farthest from what was learned, and why.</p><table id=\"records\">");
        page.Append("<tr><th class=\"number\">row</th><th>label</th><th class=\"number\">ratio</th><th>why</th></tr>");
        foreach (var record in details.HighestRecords)
        {
            var tag = record.IsAnomaly ? "<span class=\"tag anomaly\">anomaly</span>" : "<span class=\"tag\">normal</span>";
            page.Append(Text($"<tr><td class=\"number\">{record.Row:N0}</td><td>{tag}</td><td class=\"number\">{record.Ratio:G4}</td><td class=\"text\">{HtmlText.Escape(record.Sentence)}</td></tr>"));
        }

        page.Append("</table></section>\n");
    }

    private static void AppendFacts(StringBuilder page, EvaluationResult r)
    {
        var report = r.Trained.Model.Report;
        var threshold = r.Trained.Threshold;
        page.Append("<section><h2>Run</h2><table id=\"facts\">");
        Fact(page, "Data", Text($"{r.Source}: {r.Rows:N0} rows, {r.Anomalies:N0} anomalies ({100.0 * r.Anomalies / r.Rows:0.0} %)"));
        Fact(page, "Split", Text($"{r.Split}; {r.TrainingRows:N0} rows trained, {r.TestRows:N0} tested"));
        Fact(page, "Features", Text($"{r.Features:N0} fields, {r.Inputs:N0} inputs of the network"));
        Fact(page, "Model", Text($"{r.Variant}, seed {r.Seed}; {report.Steps:N0} steps{(report.StoppedEarly ? ", stopped early" : "")}, best at step {report.BestStep:N0}, held-out loss {report.HeldOutLoss:G4}"));
        Fact(page, "Threshold", Text($"{threshold.Value:G6}, method {threshold.Method}, from {threshold.HeldOutScores:N0} held-out normal scores"));
        if (ThresholdText.Uncertainty(threshold) is { } uncertainty)
            Fact(page, "Certainty", uncertainty);
        Fact(page, "Time", Text($"fitted in {r.FitTime.TotalSeconds:0.0} s; {r.ScoreRowsPerSecond:N0} rows encoded and scored a second by one thread"));
        page.Append("</table></section>\n");
    }

    private static void Fact(StringBuilder page, string name, string value) => page.Append($"<tr><th>{name}</th><td class=\"text\">{HtmlText.Escape(value)}</td></tr>");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AEAnomaly.Host.Commands.Evaluation;

/// <summary>Writes an evaluation for people and for programs.</summary>
internal static class EvaluationText
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(EvaluationResult result) => new JsonObject
    {
        ["data"] = result.Source,
        ["split"] = result.Split,
        ["rows"] = result.Rows,
        ["features"] = result.Features,
        ["inputs"] = result.Inputs,
        ["anomalies"] = result.Anomalies,
        ["train_rows"] = result.TrainingRows,
        ["test_rows"] = result.TestRows,
        ["warming_rows"] = result.WarmingRows,
        ["unjudged_rows"] = result.UnjudgedRows,
        ["test_anomalies"] = result.TestAnomalies,
        ["variant"] = result.Variant,
        ["seed"] = result.Seed,
        ["auc_roc"] = result.Quality.AucRoc,
        ["auc_pr"] = result.Quality.AucPr,
        ["threshold"] = result.Trained.Threshold.Value,
        ["held_out_scores"] = result.Trained.Threshold.HeldOutScores,
        ["alarm_rate_at_most"] = Math.Round(result.Trained.Threshold.AlarmRateAtMost, 6),
        ["precision"] = result.Quality.Precision,
        ["recall"] = result.Quality.Recall,
        ["f1"] = result.Quality.F1,
        ["true_positives"] = result.Quality.TruePositives,
        ["false_positives"] = result.Quality.FalsePositives,
        ["true_negatives"] = result.Quality.TrueNegatives,
        ["false_negatives"] = result.Quality.FalseNegatives,
        ["false_positive_rate"] = result.FalsePositiveRate,
        ["steps"] = result.Trained.Model.Report.Steps,
        ["fit_seconds"] = Math.Round(result.FitTime.TotalSeconds, 3),
        ["score_rows_per_second"] = Math.Round(result.ScoreRowsPerSecond),
    }.ToJsonString(OneLine);

    public static IEnumerable<string> Lines(EvaluationResult r)
    {
        var q = r.Quality;
        var report = r.Trained.Model.Report;
        yield return Line("data", $"{r.Source}: {r.Rows:N0} rows, {r.Features} features ({r.Inputs} inputs), {r.Anomalies:N0} anomalies ({100.0 * r.Anomalies / r.Rows:0.0} %)");
        yield return Line("split", $"{r.Split}; {r.TrainingRows:N0} rows trained, {r.TestRows:N0} tested, {r.TestAnomalies:N0} of them anomalies");
        if (r.WarmingRows > 0)
            yield return Line("warming", $"{r.WarmingRows:N0} more rows were not tested, because the window of their key was not full yet");
        if (r.UnjudgedRows > 0)
            yield return Line("unjudged", $"{r.UnjudgedRows:N0} more rows were not tested, because they have no feature");
        yield return Line("model", $"{r.Variant}, seed {r.Seed}, {report.Steps:N0} steps{(report.StoppedEarly ? " (stopped early)" : "")}, fitted in {r.FitTime.TotalSeconds:0.0} s");
        yield return Line("AUC-ROC", $"{q.AucRoc:0.0000}");
        yield return Line("AUC-PR", $"{q.AucPr:0.0000}");
        yield return Line("threshold", $"{ThresholdText.Write(r.Trained.Threshold)}");
        if (ThresholdText.Uncertainty(r.Trained.Threshold) is { } uncertainty)
            yield return Line("", $"{uncertainty}");
        yield return Line("precision", $"{q.Precision:0.0000}   ({q.TruePositives:N0} of {q.TruePositives + q.FalsePositives:N0} flagged rows are anomalies)");
        yield return Line("recall", $"{q.Recall:0.0000}   ({q.TruePositives:N0} of {r.TestAnomalies:N0} anomalies are flagged)");
        yield return Line("F1", $"{q.F1:0.0000}");
        yield return Line("false alarms", $"{100 * r.FalsePositiveRate:0.00} % of normal rows ({q.FalsePositives:N0} of {r.TestRows - r.TestAnomalies:N0})");
        yield return Line("speed", $"{r.ScoreRowsPerSecond:N0} rows a second, encoded and scored by one thread");
    }

    private static string Line(string name, FormattableString text) => $"{name,-14}{text.ToString(CultureInfo.InvariantCulture)}";
}

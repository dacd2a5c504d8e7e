using System.Globalization;
using System.Text;

namespace AEAnomaly.Bench.Quality;

/// <summary>Writes the runs as one Markdown table a variant.</summary>
internal static class ResultTable
{
    public static string Write(IReadOnlyList<Evaluation> runs, Arguments arguments, string commit, TimeSpan wall)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Detection quality, tabular sets, {(arguments.OrderedSplit ? "ordered" : "random")} split\n\n");
        text.Append("Trained on half of the normal rows, tested on the other half and all anomalies. AUC x 100, mean and standard deviation over the ");
        text.Append(arguments.OrderedSplit ? "seeds" : "splits").Append(CultureInfo.InvariantCulture, $" {string.Join(", ", arguments.Seeds)}.\n");
        text.Append(CultureInfo.InvariantCulture, $"Commit {commit}, {DateTime.UtcNow:yyyy-MM-dd}, {runs.Count} runs in {wall.TotalMinutes:F1} minutes, {arguments.Jobs} side by side.\n");
        foreach (var variant in runs.GroupBy(r => r.Variant))
            WriteVariant(text, variant.Key, [.. variant]);
        return text.ToString();
    }

    /// <summary>Writes what was found in transactions.</summary>
    public static string Write(IReadOnlyList<TransactionRun> runs, string commit)
    {
        var text = new StringBuilder();
        text.Append("# Transactions, replayed through Kafka\n\n");
        text.Append("Per-record fields only, as `aeanomaly init` proposes them; default variant. The daemon trains itself on the first three quarters (frauds left in, unlabelled), with an alert\n");
        text.Append("rate of 1 %, and is judged by its alerts on the last quarter. AUC: the same split by `aeanomaly evaluate`, seed 1.\n");
        text.Append(CultureInfo.InvariantCulture, $"Commit {commit}, {DateTime.UtcNow:yyyy-MM-dd}.\n\n");
        text.Append("| set | records | judged | frauds among them | alerts | frauds alerted | precision | recall | AUC-PR | AUC-ROC | seconds in all |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var r in runs)
            text.Append(CultureInfo.InvariantCulture, $"| {r.Set} | {r.Rows:N0} | {r.Tested:N0} | {r.Frauds:N0} | {r.Alerted:N0} | {r.FraudsAlerted:N0} | {100 * r.Precision:F1} % | {100 * r.Recall:F1} % | {100 * r.AucPr:F1} | {100 * r.AucRoc:F1} | {r.Seconds:F0} |\n");
        return text.ToString();
    }

    private static void WriteVariant(StringBuilder text, string variant, List<Evaluation> runs)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {variant}\n\n| set | rows x features | AUC-PR | AUC-ROC | fit seconds | rows scored a second |\n|---|---|---|---|---|---|\n");
        var sets = runs.GroupBy(r => r.Set).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        foreach (var set in sets)
        {
            var first = set.First();
            text.Append(CultureInfo.InvariantCulture, $"| {set.Key} | {first.Rows:N0} x {first.Features} | {Spread(set.Select(r => r.AucPr))} | {Spread(set.Select(r => r.AucRoc))} | {set.Average(r => r.FitSeconds):F1} | {set.Average(r => r.RowsPerSecond):N0} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"| **mean** | | **{100 * sets.Average(s => s.Average(r => r.AucPr)):F1}** | **{100 * sets.Average(s => s.Average(r => r.AucRoc)):F1}** | {runs.Average(r => r.FitSeconds):F1} | |\n");
    }

    private static string Spread(IEnumerable<double> values)
    {
        var list = values.Select(v => 100 * v).ToList();
        var mean = list.Average();
        var deviation = list.Count < 2 ? 0 : Math.Sqrt(list.Sum(v => (v - mean) * (v - mean)) / (list.Count - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{mean:F1} ± {deviation:F1}");
    }
}

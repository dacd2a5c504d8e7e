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

using System.Globalization;
using System.Text;

namespace AEAnomaly.Bench.Quality;

/// <summary>Writes what was found in transactions.</summary>
internal static class TransactionReport
{
    public static string Write(IReadOnlyList<TransactionRun> runs, string sources)
    {
        var text = new StringBuilder();
        text.Append("# Transactions, replayed through Kafka\n\n");
        text.Append("Per-record fields only, as `aeanomaly init` proposes them; default variant. The daemon trains itself on the first three quarters (frauds left in, unlabelled), with an alert\n");
        text.Append("rate of 1 %, and is judged by its alerts on the last quarter. AUC: the same split by `aeanomaly evaluate`, seed 1.\n");
        text.Append(CultureInfo.InvariantCulture, $"Sources {sources}, {DateTime.UtcNow:yyyy-MM-dd}.\n\n");
        text.Append("| set | records | judged | frauds among them | alerts | frauds alerted | precision | recall | AUC-PR | AUC-ROC | seconds in all |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var r in runs)
            text.Append(CultureInfo.InvariantCulture, $"| {r.Set} | {r.Rows:N0} | {r.Tested:N0} | {r.Frauds:N0} | {r.Alerted:N0} | {r.FraudsAlerted:N0} | {100 * r.Precision:F1} % | {100 * r.Recall:F1} % | {100 * r.AucPr:F1} | {100 * r.AucRoc:F1} | {r.Seconds:F0} |\n");
        return text.ToString();
    }
}

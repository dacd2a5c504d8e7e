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
        text.Append("Fields and history as `aeanomaly init` proposes them from the raw records, default variant. The daemon trains itself on the first part (frauds left in, unlabelled), with an alert\n");
        text.Append("rate of 1 %, and is judged by its alerts on the rest: the last quarter, of sparkov2 what came from 2023-11-01 on. AUC: the same split by `aeanomaly evaluate`, mean of seeds 1 to 3,\n");
        text.Append("with the history and, beside it, by the fields of each record alone.\n");
        text.Append(CultureInfo.InvariantCulture, $"Sources {sources}, {DateTime.UtcNow:yyyy-MM-dd}.\n\n");
        text.Append("| set | records | judged | frauds among them | alerts | frauds alerted | precision | recall | AUC-PR | AUC-ROC | without history | seconds in all |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var r in runs)
            text.Append(CultureInfo.InvariantCulture, $"| {r.Set} | {r.Rows:N0} | {r.Tested:N0} | {r.Frauds:N0} | {r.Alerted:N0} | {r.FraudsAlerted:N0} | {100 * r.Precision:F1} % | {100 * r.Recall:F1} % | {100 * r.AucPr:F1} | {100 * r.AucRoc:F1} | {100 * r.RecordAucPr:F1} / {100 * r.RecordAucRoc:F1} | {r.Seconds:F0} |\n");
        return text.ToString();
    }
}

using System.Globalization;
using System.Text;

namespace AEAnomaly.Bench.Quality;

/// <summary>Writes what was found in transactions.</summary>
internal static class TransactionReport
{
    public static string Write(IReadOnlyList<TransactionRun> runs, string sources)
    {
        var text = new StringBuilder();
        text.Append("# Transactions, replayed through a real broker\n\n");
        text.Append("Fields and history as `aeanomaly init` proposes them from the raw records, default variant. The daemon trains itself on the first part (frauds left in, unlabelled), with an alert\n");
        text.Append("rate of 1 %, and is judged by its alerts on the rest: the last quarter, of sparkov2 what came from 2023-11-01 on. Beside it the same configuration, split and threshold\n");
        text.Append("by `aeanomaly evaluate`: what it flags (seed 1), and AUC-PR / AUC-ROC, mean of seeds 1 to 3, with the history and by the fields of each record alone.\n");
        text.Append(CultureInfo.InvariantCulture, $"Sources {sources}, {DateTime.UtcNow:yyyy-MM-dd}.\n\n");
        text.Append("| set | records | judged | frauds among them | alerts | frauds alerted | precision | recall | evaluate flags | frauds flagged | AUC with history | without | seconds in all |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var r in runs)
            text.Append(CultureInfo.InvariantCulture, $"| {r.Set} | {r.Rows:N0} | {r.Tested:N0} | {r.Frauds:N0} | {r.Alerted:N0} | {r.FraudsAlerted:N0} | {100 * r.Precision:F1} % | {100 * r.Recall:F1} % | {r.Flagged:N0} | {r.FraudsFlagged:N0} | {100 * r.AucPr:F1} / {100 * r.AucRoc:F1} | {100 * r.RecordAucPr:F1} / {100 * r.RecordAucRoc:F1} | {r.Seconds:F0} |\n");
        return text.ToString();
    }
}

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
        text.Append("The first part of the set is in the topic when `aeanomaly init` looks at it and writes the configuration, history included. `aeanomaly run` trains itself on that part (frauds left in, unlabelled) with an\n");
        text.Append("alert rate of 1 %, scores it, and then the rest as it comes; the alerts on the rest are read back. Beside it what `aeanomaly evaluate` flags of the rest with the same configuration, trained on\n");
        text.Append("the same part. Both have seed 1. The rest is the last quarter, of sparkov2 what came from 2023-11-01 on.\n\n");
        text.Append("What a history compares with the records of all keys it takes from those of the record's partition. So a daemon that reads one partition has the features that `evaluate` has; on six each partition knows a sixth of the keys.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Sources {sources}, {DateTime.UtcNow:yyyy-MM-dd}.\n\n");
        text.Append("| set | partitions | learned from, daemon / `evaluate` | judged | frauds | alerts | flagged by `evaluate` | in both | frauds alerted | frauds flagged | **frauds in both** | AUC-PR / AUC-ROC of `evaluate` | seconds, daemon |\n");
        text.Append("|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var r in runs)
            text.Append(CultureInfo.InvariantCulture, $"| {r.Set} | {r.Partitions} | {r.Learned:N0} / {r.EvaluateLearned:N0} | {r.Tested:N0} | {r.Frauds:N0} | {r.Alerted:N0} | {r.Flagged:N0} | {r.Common:N0} | {r.FraudsAlerted:N0} | {r.FraudsFlagged:N0} | {r.FraudsCommon:N0} | {100 * r.AucPr:F1} / {100 * r.AucRoc:F1} | {r.Seconds:F0} |\n");
        return text.ToString();
    }
}

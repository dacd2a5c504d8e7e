using System.Globalization;
using System.Text;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Writes the results as Markdown.</summary>
internal static class ComparisonReport
{
    public static string Write(ComparisonPlan plan, ClusterReport cluster, IReadOnlyList<RunPair> pairs, RunResult quiet)
    {
        var text = new StringBuilder();
        var ours = pairs[0].Ours;
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        Line($"# End to end: AEAnomaly and a Python service, side by side");
        Line($"");
        Line($"{DateTime.UtcNow:yyyy-MM-dd}, commit {Machine.Commit}. {Machine.Processor}; load of the machine {Machine.Load} (1, 5, 15 minutes) at the end.");
        Line($"");
        Line($"Median of {pairs.Count} pairs: **{Median(pairs, pair => pair.Ratio):0.0} times the records a second** (least {pairs.Min(pair => pair.Ratio):0.0}, most {pairs.Max(pair => pair.Ratio):0.0});");
        Line($"a record costs the peer {Median(pairs, pair => pair.ProcessorRatio):0.0} times the processor time in the whole process ({pairs.Min(pair => pair.ProcessorRatio):0.0} to {pairs.Max(pair => pair.ProcessorRatio):0.0}), {Median(pairs, pair => pair.ThreadRatio):0.0} times on the application thread ({pairs.Min(pair => pair.ThreadRatio):0.0} to {pairs.Max(pair => pair.ThreadRatio):0.0}).");
        Line($"");
        Line($"| pair | AEAnomaly k/s | peer k/s | ratio | AEAnomaly ns/record: thread, process | peer ns/record: thread, process | anomalies |");
        Line($"|---|---|---|---|---|---|---|");
        for (var i = 0; i < pairs.Count; i++)
        {
            var (a, b) = (pairs[i].Ours, pairs[i].Peer);
            Line($"| {i + 1} | {a.RecordsPerSecond / 1e3:0} | {b.RecordsPerSecond / 1e3:0} | {pairs[i].Ratio:0.0} | {a.ThreadNanoseconds:0}, {a.ProcessNanoseconds:0} | {b.ThreadNanoseconds:0}, {b.ProcessNanoseconds:0} | {a.Anomalies}, {b.Anomalies} |");
        }

        Line($"| median | {Median(pairs, p => p.Ours.RecordsPerSecond) / 1e3:0} | {Median(pairs, p => p.Peer.RecordsPerSecond) / 1e3:0} | {Median(pairs, p => p.Ratio):0.0} | {Median(pairs, p => p.Ours.ThreadNanoseconds):0}, {Median(pairs, p => p.Ours.ProcessNanoseconds):0} | {Median(pairs, p => p.Peer.ThreadNanoseconds):0}, {Median(pairs, p => p.Peer.ProcessNanoseconds):0} | |");
        Line($"");
        Line($"AEAnomaly's second half of the topic, when the runtime has compiled what is hot (medians): {Median(pairs, p => p.Ours.SecondHalf!.RecordsPerSecond) / 1e3:0} k/s; a record costs {Median(pairs, p => p.Ours.SecondHalf!.ThreadNanoseconds):0} ns on the");
        Line($"thread, {Median(pairs, p => p.Ours.SecondHalf!.DetectorNanoseconds):0} of them in the detector (encode, score, decide, explain), the rest in consume, decode, publish and commit; {Median(pairs, p => p.Ours.SecondHalf!.ProcessNanoseconds):0} ns in the process. Without alerts: {quiet.SecondHalf!.ThreadNanoseconds:0}, {quiet.SecondHalf.DetectorNanoseconds:0} and {quiet.SecondHalf.ProcessNanoseconds:0} ns.");
        Line($"");
        Line($"Managed memory given to AEAnomaly's loop thread: {Median(pairs, p => (double)p.Ours.AllocatedBytes!.Value / p.Ours.Records):0.0} bytes a record with {100.0 * ours.Anomalies / ours.Total:0.00} % anomalies");
        Line($"({ours.Published} messages published a run), {(double)quiet.AllocatedBytes!.Value / quiet.Records:0.00} bytes a record in one more run with a threshold that flags {quiet.Anomalies} records (commits and lag");
        Line($"measurements included; {(double)quiet.SecondHalf.AllocatedBytes / quiet.SecondHalf.Records:0.00} in its second half; {(double)quiet.ReadAllocatedBytes!.Value / quiet.Total:0.00} between reading and the end of decoding). Mean batch {ours.MeanBatch:0} records.");
        Line($"");
        Line($"## What is compared");
        Line($"");
        Line($"{cluster.Readable} records of 30 fields ({cluster.BytesPerRecord:0} bytes of JSON each, lz4 on the wire) in {plan.Partitions} partitions of the embedded cluster, which runs in a process of its");
        Line($"own on the same cores. Both sides read the whole topic as a fresh group in a fresh process, with the same stored model version: 30-64-32-16-32-64-30,");
        Line($"one timestamp and 26 standardised numbers, the same weights and threshold; that the anomaly counts agree shows that they do the same work.");
        Line($"Both consume, decode, encode, score, decide, publish an explained alert for every anomaly and commit every 5,000 records or 200 ms; afterwards all offsets are");
        Line($"committed and all alerts acknowledged, or the run counts as failed. AEAnomaly also groups alerts into episodes and publishes their ends, measures itself, and");
        Line($"decodes strictly. Measured from record {plan.WarmRecords} to the last; start-up is left out of both, compiling at run time is not. One application thread each.");
        Line($"");
        Line($"- AEAnomaly: {ours.Versions}");
        Line($"- peer: {pairs[0].Peer.Versions} (the quickest of five, measured before; empty is OpenBLAS's own choice), one BLAS thread");
        Line($"");
        Line($"Other programs may have run on the machine: compare within a pair, and processor time rather than rates across machines.");
        Line($"");
        Line($"Again: `bench/end-to-end/run.sh`; the interpreter by PYTHON (python3 with confluent_kafka, numpy and torch), the number of pairs by PAIRS.");
        return text.ToString();
    }

    private static double Median(IEnumerable<RunPair> pairs, Func<RunPair, double> value)
    {
        var sorted = pairs.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

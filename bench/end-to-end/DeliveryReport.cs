using System.Globalization;
using System.Text;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Writes what was found on a real broker as Markdown.</summary>
internal static class DeliveryReport
{
    public static string Write(DeliveryPlan plan, double bytes, IReadOnlyList<DeliveryRound> rounds, IReadOnlyList<LatencyResult> latencies)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        Line($"# On a real broker: the two guarantees, Kafka Streams, history, latency");
        Line($"");
        Line($"{DateTime.UtcNow:yyyy-MM-dd}, commit {Machine.Commit}. {Machine.Processor}; load of the machine {Machine.Load} (1, 5, 15 minutes) at the end.");
        Line($"");
        Line($"Medians of {rounds.Count} rounds (least to most):");
        Line($"");
        Line($"- exactly once makes **{Spread(rounds, round => round.GuaranteeRatio, "0.00")}** of the records a second of at least once,");
        Line($"- and **{Spread(rounds, round => round.StreamsRatio, "0.0")} times** those of a Kafka Streams service that is exactly once too; a record costs that one {Spread(rounds, round => round.Streams.ProcessNanoseconds / round.ExactlyOnce.ProcessNanoseconds, "0.0")} times the processor time;");
        Line($"- with a history: **{Spread(rounds, round => round.HistoryRatio, "0.00")}** of without.");
        Line($"");
        Line($"| round | at least once k/s | exactly once k/s | Streams k/s | ns of processor time a record: at least once, exactly once, Streams | without, with history k/s |");
        Line($"|---|---|---|---|---|---|");
        for (var i = 0; i < rounds.Count; i++)
        {
            var r = rounds[i];
            Line($"| {i + 1} | {r.AtLeastOnce.RecordsPerSecond / 1e3:0} | {r.ExactlyOnce.RecordsPerSecond / 1e3:0} | {r.Streams.RecordsPerSecond / 1e3:0} | {r.AtLeastOnce.ProcessNanoseconds:0}, {r.ExactlyOnce.ProcessNanoseconds:0}, {r.Streams.ProcessNanoseconds:0} | {r.WithoutHistory.RecordsPerSecond / 1e3:0}, {r.WithHistory.RecordsPerSecond / 1e3:0} |");
        }

        Line($"");
        Line($"From producing a record to its alert at a reader of committed messages, commits or transactions every 50 ms, producer and reader on the same cores too:");
        Line($"");
        Line($"| delivery | records a second | alerts | p50 ms | p99 ms | most ms |");
        Line($"|---|---|---|---|---|---|");
        foreach (var l in latencies)
            Line($"| {l.Delivery} | {l.Rate:N0} | {l.Alerts:N0} | {l.Median:0.0} | {l.NinetyNinth:0.0} | {l.Most:0} |");
        Line($"");
        Line($"## What is compared");
        Line($"");
        Line($"{plan.Records} records of 30 fields ({bytes:0} bytes of JSON each, lz4 on the wire) in {plan.Partitions} partitions of one Apache Kafka broker on the same cores. Each run reads the whole topic as a fresh");
        Line($"group in a fresh process, one application thread; measured from the first tenth on, after a round that warms the broker. AEAnomaly consumes, decodes strictly, encodes, scores (30-64-32-16-32-64-30), decides, explains, groups into");
        Line($"episodes, publishes and commits every 5,000 records or 200 ms, with exactly once as one transaction ({rounds[0].ExactlyOnce.Anomalies} anomalies). The Kafka Streams service (Java, exactly_once_v2, commit every 100 ms)");
        Line($"parses the same numbers, computes a dense network of the same widths with random weights, and forwards what exceeds a threshold without explaining it ({rounds[0].Streams.Alerts} records).");
        Line($"With history: a category more, and of each of 50,000 accounts its count, sum and usual amount, share and novelty of the category, and gap; files written every minute. Without: the same fields and no history.");
        Line($"");
        Line($"Again: `bench/end-to-end/delivery.sh KAFKA PEER`. Other programs may have run on the machine: compare within a round.");
        return text.ToString();
    }

    private static string Spread(IReadOnlyList<DeliveryRound> rounds, Func<DeliveryRound, double> value, string format)
    {
        var sorted = rounds.Select(value).Order().ToArray();
        string Text(double number) => number.ToString(format, CultureInfo.InvariantCulture);
        return $"{Text((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2)} ({Text(sorted[0])} to {Text(sorted[^1])})";
    }
}

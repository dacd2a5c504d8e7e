using System.Globalization;
using System.Text;
using AEAnomaly.Bench.Engine;
using AEAnomaly.Bench.History;

var slices = args.Length == 2 && int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 0;
if (slices == 0)
{
    Console.Error.WriteLine("usage: AEAnomaly.Bench.History SLICES FILE");
    return 2;
}

// From the fewest keys to the most: a larger one leaves garbage behind.
int[] counts = [1, 10_000, 1_000_000];
var runs = counts.Select(keys => KeyRun.Measure(keys, slices)).ToArray();
var text = new StringBuilder();
void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

Line($"# What the history of keys costs");
Line($"");
Line($"{DateTime.UtcNow:yyyy-MM-dd}, commit {Machine.Commit}. {Machine.Processor}; load of the machine {Machine.LoadAverage} over the last minute. One thread; processor time, median of {slices} slices of 131,072 records.");
Line($"Default half-lives; remembered are count, sum and usual of one number, the share of one category, the novelty of another, the gap, and the distance of a place.");
Line($"");
Line($"| keys | ns a record | quickest slice | bytes allocated by all slices | bytes a key | MiB in all | keys evicted |");
Line($"|---|---|---|---|---|---|---|");
foreach (var run in runs)
    Line($"| {run.Keys:N0} | {run.Nanoseconds:0} | {run.Fastest:0} | {run.Allocated} | {run.BytesOfKey} | {run.Bytes / 1048576.0:0.0} | {run.Evicted} |");
Line($"");
Line($"Keys come at random, each as likely as any other, which is the worst for the processor's caches: with a million keys a record waits for memory. Again: `bench/history/run.sh`.");
Line($"What that costs of the records a second of a whole detector is measured by `bench/end-to-end/delivery.sh`.");
await File.WriteAllTextAsync(args[1], text.ToString());
Console.Write(text);
return 0;

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AEAnomaly.Bench.Quality;

Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
}
catch (Exception exception) when (exception is ArgumentException or FormatException)
{
    await Console.Error.WriteLineAsync($"{exception.Message}\n\n{Arguments.Usage}");
    return 2;
}

var clock = Stopwatch.StartNew();
var work = from set in arguments.Sets from variant in arguments.Variants from seed in arguments.Seeds select (set, variant, seed);
var runs = new ConcurrentBag<Evaluation>();
await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = arguments.Jobs }, async (item, _) =>
{
    var run = await Evaluation.RunAsync(arguments, item.set, item.variant, item.seed);
    runs.Add(run);
    await Console.Error.WriteLineAsync($"{run.Set} {run.Variant} seed {run.Seed}: AUC-PR {100 * run.AucPr:F1} AUC-ROC {100 * run.AucRoc:F1} fit {run.FitSeconds:F1} s");
});

var ordered = runs.OrderBy(r => r.Variant, StringComparer.Ordinal).ThenBy(r => r.Set, StringComparer.Ordinal).ThenBy(r => r.Seed).ToList();
var table = ResultTable.Write(ordered, arguments, Commit(), clock.Elapsed);
Console.Write(table);
if (arguments.Out is { } file)
{
    await File.WriteAllTextAsync(file, table);
    await File.WriteAllLinesAsync(Path.ChangeExtension(file, ".ndjson"), ordered.Select(r => JsonSerializer.Serialize(r)));
}

return 0;

static string Commit()
{
    using var git = Process.Start(new ProcessStartInfo("git", "describe --always --dirty") { RedirectStandardOutput = true });
    return git?.StandardOutput.ReadToEnd().Trim() ?? "unknown";
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AEAnomaly.Bench.Quality;

/// <summary>Holds one run of <c>aeanomaly evaluate</c>.</summary>
internal sealed record Evaluation(string Set, string Variant, int Seed, int Rows, int Features, double AucPr, double AucRoc, double FitSeconds, double RowsPerSecond)
{
    /// <summary>Runs the command as a user would, and reads its JSON.</summary>
    public static async Task<Evaluation> RunAsync(Arguments arguments, string set, string variant, int seed)
    {
        var folder = Path.Combine(arguments.Data, "tabular");
        var digit = arguments.OrderedSplit ? 0 : seed;
        var start = new ProcessStartInfo(Path.GetFullPath(arguments.Program))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])
        [
            "evaluate", "--data", Path.Combine(folder, set + ".csv.gz"), "--label", "label", "--variant", variant,
            "--split", $"{Path.Combine(folder, "splits", set + ".txt.gz")}:{digit}", "--seed", seed.ToString(CultureInfo.InvariantCulture), "--output", "json",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{start.FileName}' did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{set}, {variant}, seed {seed}: exit code {process.ExitCode}: {await errors.ConfigureAwait(false)}");

        using var json = JsonDocument.Parse(output.AsMemory(output.LastIndexOf('{')));
        double Number(string name) => json.RootElement.GetProperty(name).GetDouble();
        return new Evaluation(
            set, variant, seed, (int)Number("rows"), (int)Number("features"), Number("auc_pr"), Number("auc_roc"), Number("fit_seconds"), Number("score_rows_per_second"));
    }
}

using System.Globalization;

namespace AEAnomaly.Bench.Quality;

/// <summary>Holds what the run was asked for.</summary>
/// <param name="Data">Folder of the data sets.</param>
/// <param name="Suite">What is measured.</param>
/// <param name="Program">The published program, or its launcher.</param>
/// <param name="Variants">Variants with their settings, as written.</param>
/// <param name="Seeds">Seeds of the models; with the random split also the numbers of the splits.</param>
/// <param name="Split">"ordered" or "random".</param>
/// <param name="Sets">Names of the sets; empty for all.</param>
/// <param name="Jobs">Runs side by side.</param>
/// <param name="Results">Folder of results.</param>
/// <param name="Sources">What identifies the sources of the program; results of other sources are not mixed in.</param>
/// <param name="More">Folder of further tables of normal records, NAME-train.csv.gz, or null; read by the suite of missing fields.</param>
/// <param name="Bootstrap">Address of the broker that transactions are replayed through, or null.</param>
/// <param name="Export">Folder that the features of payments are written to instead of being measured, or null.</param>
internal sealed record Arguments(
    string Data,
    SuiteKind Suite,
    string Program,
    string Variants,
    IReadOnlyList<int> Seeds,
    string Split,
    IReadOnlyList<string> Sets,
    int Jobs,
    string Results,
    string Sources,
    string? More,
    string? Bootstrap,
    string? Export)
{
    public const string Usage =
        """
        Usage: quality --data DIR [--suite tabular|telemetry|transactions|payments|missing] [--variants "WORD ..."] [--seeds 1,2,3,4,5] [--split ordered|random]
                       [--sets NAME,...] [--jobs N] [--results DIR] [--program FILE] [--sources ID] [--more DIR] [--bootstrap HOST:PORT]
                       [--export DIR]

          --data      folder with tabular/, telemetry/ and transactions/; README.md beside this program says what lies in them
          --variants  words separated by spaces: "all" (tabular: every variant that reads records; telemetry: those that read windows, ae, denoising and the default),
                      or VARIANT[:KEY=VALUE,...] with keys of the model section, or fit.KEY and threshold.KEY of theirs; a value may be YAML such as [128,64].
                      Default: all. Example: "all denoising:noise=1 ae:hidden=[256,128],fit.max_steps=4000"
          --split     tabular. ordered: digit 0 of the splits, every seed; random: digits 1 to 5, one for each seed, which then numbers the split
          --jobs      runs side by side; default: the number of processors
          --results   folder of the tables (Markdown) and of every run (NDJSON); runs found there are not repeated. Default: bench/quality/results
          --program   the published aeanomaly.dll, or its launcher; default: ./aeanomaly
          --sources   text that identifies the program's sources; runs of other sources are left out and replaced. Default: "unknown"
          --more      missing. Folder of further tables of normal records, NAME-train.csv.gz: three rows of four train, the fourth tests
          --bootstrap transactions. Address of a real broker; topics are created on it
          --export    payments. Writes the features of every set to this folder, for the independent detectors, and measures nothing
        """;

    public static Arguments Parse(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
                throw new ArgumentException($"'{args[i]}' is not an option with a value.");
            values[args[i][2..]] = args[i + 1];
        }

        string? Take(string name) => values.Remove(name, out var value) ? value : null;
        var split = Take("split") ?? "ordered";
        if (split is not ("ordered" or "random"))
            throw new ArgumentException($"--split: found '{split}'; expected ordered or random.");
        var suite = Take("suite") ?? "tabular";
        if (!Enum.TryParse<SuiteKind>(suite, ignoreCase: true, out var kind))
            throw new ArgumentException($"--suite: found '{suite}'; expected tabular, telemetry, transactions, payments or missing.");

        var parsed = new Arguments(
            Take("data") ?? throw new ArgumentException("--data is missing: name the folder of the data sets."),
            kind,
            Take("program") ?? "./aeanomaly",
            Take("variants") ?? "all",
            [.. List(Take("seeds") ?? "1,2,3,4,5").Select(s => Number(s, "--seeds"))],
            split,
            List(Take("sets") ?? ""),
            Number(Take("jobs") ?? Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), "--jobs"),
            Take("results") ?? Path.Combine("bench", "quality", "results"),
            Take("sources") ?? "unknown",
            Take("more"),
            Take("bootstrap"),
            Take("export"));
        if (split == "random" && kind == SuiteKind.Tabular && parsed.Seeds.FirstOrDefault(s => s > 5) is > 0 and var seed)
            throw new ArgumentException($"--seeds: found {seed}; there are five random splits, numbered 1 to 5.");
        return values.Count == 0 ? parsed : throw new ArgumentException($"--{values.Keys.First()} is an unknown option.");
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int Number(string text, string option) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"{option}: found '{text}'; expected a whole number from 1.");
}

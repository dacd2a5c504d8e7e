using System.Globalization;

namespace AEAnomaly.Bench.Quality;

/// <summary>Holds what the run was asked for.</summary>
internal sealed record Arguments(
    string Data,
    string Program,
    IReadOnlyList<string> Variants,
    IReadOnlyList<int> Seeds,
    bool OrderedSplit,
    IReadOnlyList<string> Sets,
    int Jobs,
    string? Out)
{
    public const string Usage =
        """
        Usage: quality --data DIR [--program FILE] [--variants ae,vae] [--seeds 1,2,3,4,5] [--split ordered|random] [--sets NAME,...] [--jobs N] [--out FILE]

          --data      folder with tabular/NAME.csv.gz (column "label", 1 = anomaly) and tabular/splits/NAME.txt.gz (six digits a row: ordered, rand0..rand4)
          --program   the aeanomaly launcher; default: ./aeanomaly
          --split     ordered: the first digit, every seed; random: digits 2 to 6, one for each seed, which then numbers the split
          --jobs      processes side by side; default: the number of processors
          --out       writes the table as Markdown there, and every run as NDJSON beside it
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
            throw new ArgumentException($"--split is '{split}'; it is ordered or random.");

        var data = Take("data") ?? throw new ArgumentException("--data is missing.");
        var parsed = new Arguments(
            data,
            Take("program") ?? "./aeanomaly",
            List(Take("variants") ?? "ae,vae"),
            [.. List(Take("seeds") ?? "1,2,3,4,5").Select(s => int.Parse(s, CultureInfo.InvariantCulture))],
            split == "ordered",
            Take("sets") is { } sets ? List(sets) : FindSets(data),
            int.Parse(Take("jobs") ?? Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            Take("out"));
        return values.Count == 0 ? parsed : throw new ArgumentException($"Unknown option --{values.Keys.First()}.");
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] FindSets(string data)
    {
        var folder = Path.Combine(data, "tabular");
        if (!Directory.Exists(folder))
            throw new ArgumentException($"There is no folder '{folder}'.");
        return [.. Directory.GetFiles(folder, "*.csv.gz").Select(f => Path.GetFileName(f)[..^".csv.gz".Length]).Order(StringComparer.Ordinal)];
    }
}

using System.Globalization;

namespace AEAnomaly.Bench.Quality;

/// <summary>Gives the figures of the paper whose protocol the ordered split is.</summary>
internal static class Published
{
    public const string Source = "Livernoche et al., On Diffusion Modeling for Anomaly Detection, ICLR 2024, trained on normals only";

    /// <summary>Reads the figures that come with the bench: lines of metric, set and one AUC x 100 for each method.</summary>
    public static IReadOnlyList<Method> Read()
    {
        using var stream = typeof(Published).Assembly.GetManifestResourceStream("published.csv")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r').Split(',')).ToArray();
        double Value(string metric, string set, int column) =>
            double.Parse(lines.Single(l => l[0] == metric && l[1] == set)[column], CultureInfo.InvariantCulture) / 100;
        var sets = lines.Where(l => l[0] == "auc_pr").Select(l => l[1]).ToArray();
        return
        [
            .. Enumerable.Range(2, lines[0].Length - 2).Select(column => new Method(
                lines[0][column], MethodOrigin.Published, sets.ToDictionary(set => set, set => new Figures(Value("auc_pr", set, column), Value("auc_roc", set, column))))),
        ];
    }
}

using System.Globalization;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Bench.Quality;

/// <summary>Half of the normal rows train, the other half and all anomalies test; the default variant also with 1 % of the anomalies among the training rows.</summary>
internal sealed class TabularSuite(Arguments arguments, Product product) : Suite(arguments, product)
{
    private const double ContaminatedShare = 0.01;

    protected override string Folder => Path.Combine(Arguments.Data, "tabular");

    public override string Split => Arguments.Split;

    protected override IReadOnlyList<string> Dropped => [];

    protected override IEnumerable<RunName> Names(string set, Candidate candidate)
    {
        foreach (var seed in Arguments.Seeds)
        {
            yield return new RunName(Split, set, candidate.Name, seed);
            if (candidate.Name == VariantCatalog.All[0].Name || candidate.Settings.Count > 0)
                yield return new RunName(Split, set, candidate.Name, seed, Contaminated: true);
        }
    }

    protected override IReadOnlyList<string> SplitWords(string file, RunName name, string scratch)
    {
        var mask = Path.Combine(Folder, "splits", name.Set + ".txt.gz");
        var digit = Split == "ordered" ? 0 : name.Seed;
        return name.Contaminated ? ["--split", Contaminate(file, mask, digit, name, scratch) + ":0"] : ["--split", string.Create(CultureInfo.InvariantCulture, $"{mask}:{digit}")];
    }

    // Which anomalies are mixed in depends on set and seed alone, so that every candidate learns from the same ones.
    private static string Contaminate(string file, string mask, int digit, RunName name, string scratch)
    {
        var training = GzipLines.Read(mask).Where(l => !l.StartsWith('#')).Select(l => l[digit]).ToArray();
        var anomalies = GzipLines.Read(file).Skip(1).Select((line, row) => (row, line[(line.LastIndexOf(',') + 1)..])).Where(r => r.Item2 is not ("0" or "0.0")).Select(r => r.row).ToArray();
        new Random(name.Seed).Shuffle(anomalies);
        foreach (var row in anomalies[..Math.Max(1, (int)Math.Round(ContaminatedShare * anomalies.Length))])
            training[row] = '1';
        var path = Path.Combine(scratch, string.Create(CultureInfo.InvariantCulture, $"{name.Set}-{name.Seed}-{Guid.NewGuid():N}.txt"));
        File.WriteAllLines(path, training.Select(c => c.ToString()));
        return path;
    }
}

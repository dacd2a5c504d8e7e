using System.Text.RegularExpressions;

namespace AEAnomaly.TestKit;

/// <summary>A metric as docs/metrics.md describes it, or as a page in Prometheus text format shows it.</summary>
/// <param name="Name">Family name, a counter's with <c>_total</c>.</param>
/// <param name="Type">counter, gauge or histogram.</param>
/// <param name="Labels">Names of its labels, sorted; a histogram's without <c>le</c>. If the series of a page differ in them, all sets.</param>
public sealed partial record DescribedMetric(string Name, string Type, string Labels)
{
    /// <summary>Reads the tables of docs/metrics.md.</summary>
    public static IReadOnlyList<DescribedMetric> InDocument(string markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        var metrics = new List<DescribedMetric>();
        string[] common = [];
        foreach (var line in markdown.Split('\n'))
        {
            if (line.StartsWith('#'))
                common = [];
            if (CommonLabelPattern().Match(line) is { Success: true } shared)
                common = [shared.Groups[1].Value];
            if (RowPattern().Match(line) is { Success: true } row)
                metrics.Add(new(row.Groups[1].Value, row.Groups[2].Value, Join(common.Concat(CodePattern().Matches(row.Groups[3].Value).Select(code => code.Groups[1].Value)))));
        }

        return metrics;
    }

    /// <summary>Reads the families of a page that have series.</summary>
    public static IReadOnlyList<DescribedMetric> OnPage(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var metrics = new List<DescribedMetric>();
        foreach (Match family in FamilyPattern().Matches(text))
        {
            var series = family.Groups[3].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var labels = series.Select(line => Join(LabelPattern().Matches(line).Select(label => label.Groups[1].Value).Where(label => label != "le"))).Distinct();
            if (series.Length > 0)
                metrics.Add(new(family.Groups[1].Value, family.Groups[2].Value, string.Join(" / ", labels)));
        }

        return metrics;
    }

    private static string Join(IEnumerable<string> labels) => string.Join(", ", labels.Order(StringComparer.Ordinal));

    [GeneratedRegex("^Meter .*Every metric has the label `([a-z_]+)`")]
    private static partial Regex CommonLabelPattern();

    [GeneratedRegex(@"^\| `([a-z_]+)` \| ([a-z]+) \|([^|]*)\|")]
    private static partial Regex RowPattern();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"^# TYPE (\S+) (\S+)\n((?:[^#].*\n)*)", RegexOptions.Multiline)]
    private static partial Regex FamilyPattern();

    [GeneratedRegex("""[{,](\w+)="(?:[^"\\]|\\.)*(?=")""")]
    private static partial Regex LabelPattern();
}

using System.Text.RegularExpressions;
using AEAnomaly.Deployment.Tests.Rules;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Dashboards;

/// <summary>Names of metrics in queries and texts, held to docs/metrics.md; that it and /metrics of a working daemon are the same is tested in Integration.</summary>
internal static partial class MetricNames
{
    private static readonly IReadOnlyList<DescribedMetric> Described =
        DescribedMetric.InDocument(File.ReadAllText(Path.Combine(TestEnvironment.RepositoryFolder, "docs", "metrics.md")));

    private static readonly HashSet<string> Known =
    [
        .. Described.Select(metric => metric.Name),
        .. Described.Where(metric => metric.Type == "histogram").SelectMany(metric => (string[])[$"{metric.Name}_bucket", $"{metric.Name}_sum", $"{metric.Name}_count"]),
        .. RuleFile.Recorded,
    ];

    /// <summary>Lists the names in a text that no metric has.</summary>
    public static IEnumerable<string> Unknown(string text) => NamePattern().Matches(text).Select(match => match.Value).Where(name => !Known.Contains(name)).Distinct();

    /// <summary>Lists the names in a text.</summary>
    public static IEnumerable<string> In(string text) => NamePattern().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"\b(detector:)?(aeanomaly|dotnet)_[a-z_]+(:[a-z0-9]+)?")]
    private static partial Regex NamePattern();
}

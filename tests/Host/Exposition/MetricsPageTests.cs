using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Host.Exposition;
using AEAnomaly.Ingest.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace AEAnomaly.Host.Tests.Exposition;

/// <summary>Holds docs/metrics.md, docs/runbook.md and the product together.</summary>
public sealed partial class MetricsPageTests : IDisposable
{
    private static readonly DirectoryInfo Root = FindRoot();
    private static readonly string Page = Read("metrics.md");

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricCollector _collector;

    public MetricsPageTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _collector = new MetricCollector(meters);
        _ = new DetectionMetrics(meters);
        _ = new IngestMetrics(meters);
    }

    [Fact]
    public async Task Page_EveryExposedMetric_IsDescribedWithItsType()
    {
        var documented = Rows().ToDictionary(row => row.Name, row => row.Type);

        var exposed = await ExposedAsync();

        Assert.True(exposed.Count > 50, $"detection, ingest, host and runtime: {exposed.Count}");
        Assert.Equal([], exposed.Where(metric => documented.GetValueOrDefault(metric.Key) != metric.Value).Select(metric => $"{metric.Key} {metric.Value}"));
    }

    [Theory]
    [InlineData("metrics.md", 50)]
    [InlineData("runbook.md", 15)]
    public async Task Page_EveryMetricNamed_IsExposed(string page, int atLeast)
    {
        var exposed = await ExposedAsync();

        var named = NamePattern().Matches(Read(page)).Select(match => match.Value).ToHashSet();

        Assert.True(named.Count >= atLeast, $"{named.Count} names");
        Assert.Equal([], named.Where(name => !exposed.ContainsKey(name)));
    }

    [Fact]
    public void Page_Descriptions_ListEachMetricOnce() => 
        Assert.Equal([], Rows().GroupBy(row => row.Name).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Runbook_EveryEventIdNamed_IsLogged()
    {
        var logged = Directory.EnumerateFiles(Path.Combine(Root.FullName, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => LoggedPattern().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();

        var named = EventPattern().Matches(Read("runbook.md")).Select(match => match.Value).ToHashSet();

        Assert.True(named.Count >= 15, $"{named.Count} ids");
        Assert.Equal([], named.Where(id => !logged.Contains(id)));
    }

    public void Dispose()
    {
        _collector.Dispose();
        _services.Dispose();
    }

    // Families without a sample yet are not on the page, those the collector adds itself have no instrument; both are exposed by a daemon at work.
    private async Task<Dictionary<string, string>> ExposedAsync()
    {
        var exposed = _collector.Families.ToDictionary(
            family => family.Name.Family + (family.Kind == MetricKind.Counter ? "_total" : ""),
            family => family.Kind.ToString().ToLowerInvariant());
        using var page = new MemoryStream();
        await _collector.Registry.CollectAndExportAsTextAsync(page);
        foreach (Match match in TypePattern().Matches(Encoding.UTF8.GetString(page.ToArray())))
            exposed[match.Groups[1].Value] = match.Groups[2].Value;
        return exposed;
    }

    private static IEnumerable<(string Name, string Type)> Rows() =>
        RowPattern().Matches(Page).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    private static string Read(string page) => File.ReadAllText(Path.Combine(Root.FullName, "docs", page));

    private static DirectoryInfo FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "docs", "metrics.md")))
            folder = folder.Parent ?? throw new FileNotFoundException("docs/metrics.md lies in no folder above the tests");
        return folder;
    }

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (counter|gauge|histogram) \|", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"\b(?:aeanomaly|dotnet)_[a-z_]+")]
    private static partial Regex NamePattern();

    // Ids stand in running text; numbers with a thousands separator and those of durations do not look like them.
    [GeneratedRegex(@"(?<![\d,:.])[234]\d{3}(?![\d,])")]
    private static partial Regex EventPattern();

    [GeneratedRegex(@"LoggerMessage\((\d{4}),")]
    private static partial Regex LoggedPattern();

    [GeneratedRegex("^# TYPE ([a-z_]+) ([a-z]+)$", RegexOptions.Multiline)]
    private static partial Regex TypePattern();
}

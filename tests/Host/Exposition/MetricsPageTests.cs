using System.Text.RegularExpressions;
using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Host.Exposition;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Exposition;

/// <summary>Holds docs/metrics.md, docs/runbook.md and the product together.</summary>
public sealed partial class MetricsPageTests : IAsyncLifetime
{
    private static readonly IReadOnlyList<DescribedMetric> Documented = DescribedMetric.InDocument(Read("metrics.md"));

    private MetricsServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await MetricsServer.StartAsync();
        _ = new DetectionMetrics(_server.Meters);
        _ = new IngestMetrics(_server.Meters);
        _ = new HostMetrics(_server.Meters);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Page_DescribedMetrics_AreThoseOfTheProductWithTheirTypes()
    {
        var exposed = await ExposedAsync();

        Assert.True(exposed.Count > 50, $"detection, ingest, host and runtime: {exposed.Count}");
        Assert.Equal(exposed.Select(metric => $"{metric.Key} {metric.Value}").Order(), Documented.Select(metric => $"{metric.Name} {metric.Type}").Order());
    }

    [Fact]
    public async Task Page_MetricsOfTheRuntimeAndTheHost_AreDescribedWithTheirLabels()
    {
        var served = DescribedMetric.OnPage(await _server.PageAsync());

        Assert.True(served.Count > 10, $"{served.Count} metrics");
        Assert.Equal([], served.Except(Documented));
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
    public void Runbook_EveryEventIdNamed_IsLogged()
    {
        var logged = Directory.EnumerateFiles(Path.Combine(TestEnvironment.RepositoryFolder, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => LoggedPattern().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();

        var named = EventPattern().Matches(Read("runbook.md")).Select(match => match.Value).ToHashSet();

        Assert.True(named.Count >= 15, $"{named.Count} ids");
        Assert.Equal([], named.Where(id => !logged.Contains(id)));
    }

    // Families without a sample yet are not on the page, those the collector adds itself have no instrument; both are exposed by a daemon at work.
    private async Task<Dictionary<string, string>> ExposedAsync()
    {
        var exposed = DescribedMetric.OnPage(await _server.PageAsync()).ToDictionary(metric => metric.Name, metric => metric.Type);
        foreach (var family in _server.Collector.Families)
            exposed[family.Name + (family.Kind == MetricKind.Counter ? "_total" : "")] = family.Kind.ToString().ToLowerInvariant();
        return exposed;
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(TestEnvironment.RepositoryFolder, "docs", page));

    [GeneratedRegex(@"\b(?:aeanomaly|dotnet)_[a-z_]+")]
    private static partial Regex NamePattern();

    // Ids stand in running text; numbers with a thousands separator and those of durations do not look like them.
    [GeneratedRegex(@"(?<![\d,:.])[234]\d{3}(?![\d,])")]
    private static partial Regex EventPattern();

    [GeneratedRegex(@"LoggerMessage\((\d{4}),")]
    private static partial Regex LoggedPattern();
}

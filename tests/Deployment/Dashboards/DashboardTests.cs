using System.Text.Json.Nodes;
using AEAnomaly.Deployment.Tests.Rules;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Dashboards;

/// <summary>Dashboards are whole: every panel says what it shows and in what unit, and asks for metrics that there are.</summary>
public sealed class DashboardTests
{
    [Fact]
    public void Panels_OfEveryDashboard_HaveADescriptionAUnitAndAPlace()
    {
        Assert.Equal(["aeanomaly-detection", "aeanomaly-service"], DashboardFile.All.Select(dashboard => dashboard.Id));
        foreach (var dashboard in DashboardFile.All)
        {
            var taken = new HashSet<(int, int)>();
            foreach (var panel in dashboard.Panels)
            {
                var title = (string)panel["title"]!;
                Assert.True(panel["description"]?.ToString().Length > 20, $"{title}: no description");
                Assert.True(panel["fieldConfig"]!["defaults"]!["unit"]?.ToString().Length > 0, $"{title}: no unit");
                Assert.NotEmpty(panel["targets"]!.AsArray());
                Assert.True(Squares(panel["gridPos"]!).All(taken.Add), $"{title}: lies over another panel");
            }

            Assert.Equal(dashboard.Panels.Count(), dashboard.Panels.Select(panel => (int)panel["id"]!).Distinct().Count());
        }
    }

    [PackagedSchemasFact]
    public async Task Dashboards_HeldToGrafanasOwnTypes_Fit()
    {
        var findings = await PackagedSchemas.FindingsAsync("dashboards", DashboardFile.All.Select(dashboard => dashboard.FilePath));
        Assert.Equal([], findings.Values.SelectMany(finding => finding));
    }

    [PackagedSchemasFact]
    public async Task Dashboards_WithAFieldThatDoesNotExist_AreFound()
    {
        using var folder = new TemporaryFolder();
        var text = await File.ReadAllTextAsync(DashboardFile.All.First().FilePath);
        var wrong = folder.Write("wrong.json", text.Replace("\"unit\":", "\"units\":", StringComparison.Ordinal));

        Assert.NotEmpty(await PackagedSchemas.FindingsAsync("dashboards", [wrong]));
    }

    [Fact]
    public void Queries_OfEveryDashboard_FollowTheVariablesAndFitAnyStep()
    {
        foreach (var (place, query, _) in DashboardFile.All.SelectMany(dashboard => dashboard.Queries))
        {
            Assert.True(query.Contains("$job", StringComparison.Ordinal), $"{place}: does not follow the variables");
            Assert.False(query.Contains("$__interval", StringComparison.Ordinal), $"{place}: rates need $__rate_interval");
        }
    }

    [Fact]
    public void Metrics_OfDashboardsRulesAndDocuments_AreThoseThatAreServed()
    {
        var texts = DashboardFile.All.SelectMany(dashboard => dashboard.Queries.Select(query => (Place: query.Place, Text: query.Query)).Concat(dashboard.Variables.Select(variable => (Place: $"{dashboard.Name}: variable {variable.Name}", Text: variable.Query))))
            .Concat(RuleFile.Rules.Select(rule => (Place: $"rules.yaml: {rule["alert"] ?? rule["record"]}", Text: (string)rule["expr"]!)))
            .Concat(MarkdownFile.All().Where(file => !file.Path.StartsWith("docs/decisions/", StringComparison.Ordinal) && file.Path != "CHANGELOG.md").Select(file => (Place: file.Path, Text: string.Join('\n', file.Lines))))
            .ToArray();

        Assert.Equal([], texts.SelectMany(text => MetricNames.Unknown(text.Text).Select(name => $"{text.Place}: {name}")));
        // Recording rules are there for a panel or an alert.
        Assert.Equal([], RuleFile.Recorded.Where(name => !texts.Any(text => MetricNames.In(text.Text).Contains(name))));
    }

    private static IEnumerable<(int X, int Y)> Squares(JsonNode place) =>
        from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!)
        from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!)
        select (x, y);
}

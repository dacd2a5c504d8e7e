using System.Text.RegularExpressions;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Rules;

/// <summary>The alerts raise what they should, keep quiet otherwise, and say where to read on.</summary>
public sealed partial class RuleTests
{
    public static IEnumerable<object[]> AlertNames => RuleFile.Alerts.Select(alert => new object[] { (string)alert["alert"]! });

    [RequiresToolFact("promtool")]
    public async Task Promtool_ChecksTheRulesAndRunsTheirTests()
    {
        await ToolRun.OutputOfAsync("promtool", "check", "rules", RuleFile.Path);
        await ToolRun.OutputOfAsync("promtool", "test", "rules", RuleFile.TestPath);
    }

    [Theory]
    [MemberData(nameof(AlertNames))]
    public void Alert_OfTheRules_IsTestedInBothDirections(string name)
    {
        var expected = YamlNodes.Documents(File.ReadAllText(RuleFile.TestPath)).Single()["tests"]!.AsArray()
            .SelectMany(test => test!["alert_rule_test"]!.AsArray())
            .Where(test => (string?)test!["alertname"] == name)
            .Select(test => test!["exp_alerts"]!.AsArray().Count > 0);

        Assert.Equal([false, true], expected.Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(AlertNames))]
    public void Alert_OfTheRules_SaysHowBadSinceWhenAndWhereToReadOn(string name)
    {
        var alert = RuleFile.Alerts.Single(rule => (string?)rule["alert"] == name);

        Assert.NotNull(alert["for"]);
        Assert.Contains((string?)alert["labels"]!["severity"], (string[])["critical", "warning"]);
        Assert.All((string[])["summary", "description"], key => Assert.False(string.IsNullOrWhiteSpace((string?)alert["annotations"]![key]), key));
        var link = RunbookLink().Match((string)alert["annotations"]!["runbook_url"]!);
        Assert.True(link.Success, "runbook_url names a heading of docs/runbook.md");
        var section = MarkdownFile.Read("docs/runbook.md").Lines.Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#').Trim().ToLowerInvariant().Replace(",", "", StringComparison.Ordinal).Replace(' ', '-'));
        Assert.Contains(link.Groups[1].Value, section);
        Assert.Contains(MarkdownFile.Read("docs/runbook.md").Lines, line => line.StartsWith('|') && line.Contains($"`{name}`", StringComparison.Ordinal) && line.Contains($"#{link.Groups[1].Value})", StringComparison.Ordinal));
    }

    [GeneratedRegex("^docs/runbook.md#([a-z-]+)$")]
    private static partial Regex RunbookLink();
}

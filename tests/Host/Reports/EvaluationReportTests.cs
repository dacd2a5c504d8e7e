using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.Host.Tests.Commands;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Reports;

public sealed class EvaluationReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Write_Evaluation_HasCurvesDistributionConfusionAndFeatures()
    {
        var (page, result) = await Report(GeneratedRows.Csv(1000));

        // Curves begin and end at the corners, in the frame's coordinates (58, 14) to (542, 354).
        var roc = Points(Svg(page, "roc"), "line curve");
        Assert.Equal((58, 354), roc[0]);
        Assert.Equal((542, 14), roc[^1]);
        Assert.Equal(roc.OrderBy(p => p.X), roc);
        Assert.Equal(542, Points(Svg(page, "pr"), "line curve")[^1].X);

        var bars = Svg(page, "distribution").Descendants().Where(e => e.Name.LocalName == "rect").Select(e => (string)e.Attribute("class")!).ToArray();
        Assert.Contains("bar normal", bars);
        Assert.Contains("bar anomaly", bars);
        Assert.Contains(Svg(page, "distribution").Descendants(), e => (string?)e.Attribute("class") == "threshold");

        var confusion = page.Descendants("table").Single(t => (string?)t.Attribute("id") == "confusion").Descendants("b").Select(b => Number(b.Value)).ToArray();
        Assert.Equal(
            [(int)result["true_positives"]!, (int)result["false_negatives"]!, (int)result["false_positives"]!, (int)result["true_negatives"]!],
            confusion);

        var features = page.Descendants("table").Single(t => (string?)t.Attribute("id") == "features").Descendants("td").Where(d => (string?)d.Attribute("class") == "text").Select(d => d.Value).ToArray();
        Assert.Equal(["kind", "x", "y", "z"], features.Order(StringComparer.Ordinal));
        Assert.Contains(page.Descendants("table").Single(t => (string?)t.Attribute("id") == "facts").Value, v => v == '1');
    }

    [Fact]
    public async Task Write_Page_IsSelfContained()
    {
        var (page, _) = await Report(GeneratedRows.Csv(400));

        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "link" or "img" or "iframe");
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName is "src" or "href");
        Assert.DoesNotContain("url(", page.Descendants("style").Single().Value, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page.Descendants("style").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_NamesWithMarkup_AreEscaped()
    {
        var rows = GeneratedRows.Csv(400).Replace("x,y,z,kind,label", "\"<script>alert(1)</script>\",y,\"a&b\",kind,label", StringComparison.Ordinal);

        var (page, _) = await Report(rows);

        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName == "script");
        Assert.Contains(page.Descendants("td"), d => d.Value == "<script>alert(1)</script>");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(XElement Page, JsonNode Result)> Report(string rows)
    {
        var file = _folder["report.html"];
        var run = await CommandRun.Of("evaluate", "--data", _folder.Write("rows.csv", rows), "--label", "label", "--output", "json", "--report", file);
        Assert.True(run.ExitCode == 0, run.Error);
        var html = await File.ReadAllTextAsync(file);
        Assert.StartsWith("<!DOCTYPE html>\n", html, StringComparison.Ordinal);
        return (XDocument.Parse(html["<!DOCTYPE html>\n".Length..]).Root!, JsonNode.Parse(run.Output)!);
    }

    private static XElement Svg(XElement page, string id) => page.Descendants("svg").Single(s => (string?)s.Attribute("id") == id);

    private static (double X, double Y)[] Points(XElement svg, string style) =>
    [
        .. ((string)svg.Descendants("polyline").Single(l => (string?)l.Attribute("class") == style).Attribute("points")!)
            .Split(' ')
            .Select(p => p.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())
            .Select(p => (p[0], p[1])),
    ];

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}

using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>The values that the documents show are taken by the chart.</summary>
public sealed class DocumentedValuesTests
{
    private static readonly MarkdownBlock[] Found = [.. MarkdownFile.All().SelectMany(file => file.Blocks()).Where(block => block.Language == "yml")];

    public static IEnumerable<object[]> Blocks => Found.Select(block => new object[] { block.Place, block.Text });

    [Fact]
    public void Blocks_OfTheDocuments_AreFound() => Assert.NotEmpty(Found);

    [HelmTheory]
    [MemberData(nameof(Blocks))]
    public async Task Block_OfADocument_IsRendered(string place, string values)
    {
        var manifests = await ChartFolder.ManifestsOfAsync(values);

        Assert.True(manifests.Any(manifest => manifest.Pod() is not null), place);
    }

    [RequiresToolFact("helm")]
    public async Task Chart_LintedStrictly_HasNoFinding() => await ToolRun.OutputOfAsync("helm", "lint", "--strict", ChartFolder.Path);

    [RequiresToolFact("helm")]
    public async Task Template_ConfigurationChanged_RollsThePods()
    {
        static string Checksum(IEnumerable<System.Text.Json.Nodes.JsonObject> manifests) =>
            (string)manifests.Only("StatefulSet")["spec"]!["template"]!["metadata"]!["annotations"]!["checksum/config"]!;

        var before = Checksum(await ChartFolder.ManifestsOfAsync("{}"));
        Assert.Equal(before, Checksum(await ChartFolder.ManifestsOfAsync("replicas: 3")));
        Assert.NotEqual(before, Checksum(await ChartFolder.ManifestsOfAsync("config: { models: { keep: 3 } }")));
    }
}

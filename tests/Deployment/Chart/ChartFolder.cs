using System.Text.Json.Nodes;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>The chart of this repository, rendered by the real Helm.</summary>
internal static class ChartFolder
{
    public static string Path { get; } = System.IO.Path.Combine(TestEnvironment.RepositoryFolder, "helm", "aeanomaly");

    /// <summary>Renders the chart as release <c>fraud</c> in namespace <c>detect</c>.</summary>
    /// <param name="arguments">More of the command line, say <c>--values FILE</c>.</param>
    public static Task<ToolRun> TemplateAsync(params string[] arguments) =>
        ToolRun.OfAsync("helm", ["template", "fraud", Path, "--namespace", "detect", .. arguments]);

    /// <summary>Renders it with values given as text.</summary>
    public static async Task<ToolRun> TemplateOfAsync(string values)
    {
        using var folder = new TemporaryFolder();
        return await TemplateAsync("--values", folder.Write("values.yaml", values));
    }

    /// <summary>Renders it with values that must be taken.</summary>
    public static async Task<IReadOnlyList<JsonObject>> ManifestsOfAsync(string values)
    {
        var run = await TemplateOfAsync(values);
        Assert.True(run.ExitCode == 0, run.Error);
        return YamlNodes.Documents(run.Output);
    }

    /// <summary>Finds the only manifest of a kind.</summary>
    public static JsonObject Only(this IEnumerable<JsonObject> manifests, string kind) =>
        Assert.Single(manifests, manifest => (string?)manifest["kind"] == kind);

    /// <summary>Gets the pod that a manifest describes, or null.</summary>
    public static JsonObject? Pod(this JsonObject manifest) => manifest["spec"]?["template"]?["spec"] as JsonObject;
}

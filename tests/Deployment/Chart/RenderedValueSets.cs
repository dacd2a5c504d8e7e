using System.Text.Json.Nodes;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>Every set of values rendered, and held to the schemas in one go where they are here: starting the compiler takes longer than all sets.</summary>
public sealed class RenderedValueSets : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, ToolRun> _runs = [];
    private IReadOnlyDictionary<string, string[]> _findings = new Dictionary<string, string[]>();

    public async Task InitializeAsync()
    {
        if (TestEnvironment.FindTool("helm") is null)
            return;
        foreach (var name in ValueSets.Names.Select(row => (string)row[0]))
        {
            _runs[name] = await ChartFolder.TemplateAsync("--values", ValueSets.FileOf(name));
            _folder.Write(name + ".yaml", _runs[name].Output);
        }

        if (PackagedSchemas.WhyNot is null)
            _findings = await PackagedSchemas.FindingsAsync("manifests", _runs.Keys.Select(name => _folder[name + ".yaml"]));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    /// <summary>Gets the manifests of a set, which must have been rendered without complaint.</summary>
    internal IReadOnlyList<JsonObject> ManifestsOf(string name)
    {
        Assert.True(_runs[name].ExitCode == 0, _runs[name].Error);
        return YamlNodes.Documents(_runs[name].Output);
    }

    /// <summary>Gets what the schemas find wrong in a set.</summary>
    internal string[] FindingsOf(string name) => _findings.GetValueOrDefault(_folder[name + ".yaml"], []);
}

using System.Text.Json.Nodes;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Dashboards;

/// <summary>A dashboard of this repository.</summary>
internal sealed class DashboardFile(string path)
{
    private readonly JsonObject _json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();

    public static IEnumerable<DashboardFile> All =>
        Directory.GetFiles(Path.Combine(TestEnvironment.RepositoryFolder, "dashboards"), "*.json").Order(StringComparer.Ordinal).Select(path => new DashboardFile(path));

    public string FilePath => path;

    public string Name => Path.GetFileNameWithoutExtension(path);

    public string Id => (string)_json["uid"]!;

    /// <summary>Gets the panels that show something: all but the rows.</summary>
    public IEnumerable<JsonObject> Panels => _json["panels"]!.AsArray().Select(panel => panel!.AsObject()).Where(panel => (string?)panel["type"] != "row");

    /// <summary>Gets the variables that are asked of Prometheus, with what is asked.</summary>
    public IEnumerable<(string Name, string Query)> Variables =>
        _json["templating"]!["list"]!.AsArray().Where(variable => (string?)variable!["type"] == "query").Select(variable => ((string)variable!["name"]!, (string)variable["query"]!["query"]!));

    /// <summary>Gets every query, of panels and annotations, with the place it is in and the legend it makes.</summary>
    public IEnumerable<(string Place, string Query, string Legend)> Queries =>
        Panels.SelectMany(panel => panel["targets"]!.AsArray().Select(target => ($"{Name}: {panel["title"]} {target!["refId"]}", (string)target["expr"]!, (string?)target["legendFormat"] ?? "")))
            .Concat(_json["annotations"]!["list"]!.AsArray().Select(annotation => ($"{Name}: annotation {annotation!["name"]}", (string)annotation["expr"]!, (string?)annotation["titleFormat"] ?? "")));
}

using System.Text.Json.Nodes;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Rules;

/// <summary>The rules of Prometheus in this repository, and their unit tests.</summary>
internal static class RuleFile
{
    public static string Path { get; } = PathOf("rules.yaml");

    public static string TestPath { get; } = PathOf("rules.test.yaml");

    public static IReadOnlyList<JsonObject> Rules { get; } =
        [.. YamlNodes.Documents(File.ReadAllText(Path)).Single()["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!.AsObject())];

    public static IEnumerable<JsonObject> Alerts => Rules.Where(rule => rule["alert"] is not null);

    /// <summary>Gets the names of the series that recording rules make.</summary>
    public static IEnumerable<string> Recorded => Rules.Select(rule => (string?)rule["record"]).OfType<string>();

    private static string PathOf(string name) => System.IO.Path.Combine(TestEnvironment.RepositoryFolder, "dashboards", name);
}

using System.Text.Json;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests;

/// <summary>Schemas and types of Kubernetes, the operators and Grafana, from packages that .ci/run installs; the scripts in tests/Deployment/Schemas hold files to them.</summary>
internal static class PackagedSchemas
{
    /// <summary>Names the folder in which the packages of tests/Deployment/Schemas were installed.</summary>
    public const string Variable = "AEANOMALY_TEST_SCHEMAS";

    private static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>Gets why nothing can be held to them here, or null.</summary>
    public static string? WhyNot =>
        Folder is null ? $"{Variable} is not set: it names the folder where the packages of tests/Deployment/Schemas are installed"
        : TestEnvironment.FindTool("node") is null ? "the program 'node' is not on the PATH"
        : null;

    /// <summary>Lists what is wrong in files, by file.</summary>
    /// <param name="script">manifests or dashboards.</param>
    /// <param name="files">Files.</param>
    public static async Task<IReadOnlyDictionary<string, string[]>> FindingsAsync(string script, IEnumerable<string> files)
    {
        var path = Path.Combine(TestEnvironment.RepositoryFolder, "tests", "Deployment", "Schemas", script + ".mjs");
        var output = await ToolRun.OutputOfAsync("node", [path, Folder!, .. files]);
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(output)!;
    }
}

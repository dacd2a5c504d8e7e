using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>The sets of values that the chart is held to: each a file of <c>ValueSets</c>.</summary>
public static class ValueSets
{
    private static readonly string Folder = Path.Combine(TestEnvironment.RepositoryFolder, "tests", "Deployment", "ValueSets");

    public static IEnumerable<object[]> Names => Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal).Select(name => new object[] { name });

    public static string FileOf(string name) => Path.Combine(Folder, name + ".yaml");
}

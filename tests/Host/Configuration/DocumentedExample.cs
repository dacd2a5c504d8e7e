using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Configuration;

/// <summary>The example of docs/configuration.md, so that it cannot grow old.</summary>
internal static class DocumentedExample
{
    public static string Yaml
    {
        get
        {
            var text = File.ReadAllText(Path.Combine(TestEnvironment.RepositoryFolder, "docs", "configuration.md"));
            var start = text.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
            return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
        }
    }
}

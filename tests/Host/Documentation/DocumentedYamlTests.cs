using AEAnomaly.Host.Configuration;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Documentation;

/// <summary>Every block of YAML in the documents is a configuration, or a part of one, that the daemon would take.</summary>
public sealed class DocumentedYamlTests
{
    private static readonly MarkdownBlock[] Found =
    [
        .. from file in MarkdownFile.All()
           from block in file.Blocks()
           where block.Language == "yaml" || (block.Language.Length == 0 && block.Lines[0].StartsWith("- {", StringComparison.Ordinal))
           select block,
    ];

    public static IEnumerable<object[]> Blocks => Found.Select(block => new object[] { block.Place, block.Text });

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Block_OfADocument_IsLoadedWithoutErrorOrWarning(string place, string yaml)
    {
        using var folder = new TemporaryFolder();
        var warnings = new List<ConfigurationError>();

        var options = ConfigurationLoader.Load(folder.Write("whole.yaml", WholeConfiguration.Of(yaml)), new Dictionary<string, string>(), warn: warnings.Add, rules: DaemonRules.RequireBrokers);

        Assert.True(warnings.Count == 0, $"{place}: {string.Join('\n', warnings)}");
        Assert.NotEmpty(options.Detectors[0].Fields);
    }

    [Fact]
    public void Blocks_OfTheDocuments_AreFound()
    {
        var places = Found.Select(block => block.File.Path).ToHashSet();
        Assert.Superset(new HashSet<string> { "docs/configuration.md", "docs/data.md", "docs/gpu.md" }, places);
    }

    [Theory]
    [InlineData("training: { evry: 1h }", "detectors[0].training.evry")]
    [InlineData("- { name: amount, kind: number }", "detectors[0].fields[2].kind")]
    [InlineData("detectors:\n  - name: payments\n    trainin: 1", "detectors[0].trainin")]
    [InlineData("http: { listen: 80 }", "http.listen")]
    public void Of_FragmentThatIsWrong_IsRefusedWhereItBelongs(string fragment, string key)
    {
        var problem = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.LoadText(WholeConfiguration.Of(fragment), "whole", new Dictionary<string, string>()));
        Assert.Contains(problem.Errors, error => error.ToString().Contains(key, StringComparison.Ordinal));
    }
}

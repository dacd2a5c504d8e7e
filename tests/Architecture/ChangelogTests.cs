using System.Reflection;
using System.Text.RegularExpressions;

namespace AEAnomaly.Architecture.Tests;

/// <summary>CHANGELOG.md against the version that the program was built as.</summary>
public sealed partial class ChangelogTests
{
    [Fact]
    public void Sections_OfTheChangelog_BeginWithUnreleasedAndTheVersionOfTheBuild()
    {
        var sections = File.ReadLines(Path.Combine(Repository.Root, "CHANGELOG.md")).Select(line => SectionPattern().Match(line)).Where(match => match.Success).ToArray();
        var version = Assembly.Load("aeanomaly").GetName().Version!.ToString(3);

        Assert.Equal("Unreleased", sections[0].Groups[1].Value);
        Assert.Equal(version, sections[1].Groups[1].Value);
        Assert.All(sections[1..], section => Assert.True(DateOnly.TryParseExact(section.Groups[2].Value, "yyyy-MM-dd", out _), $"{section.Value}: no date"));
    }

    [GeneratedRegex(@"^## \[(.+?)\](?: - (.+))?$")]
    private static partial Regex SectionPattern();
}

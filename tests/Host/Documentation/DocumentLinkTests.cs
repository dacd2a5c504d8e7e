using System.Text.RegularExpressions;
using AEAnomaly.Models.Variants;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Documentation;

/// <summary>Links lead somewhere, and what the catalog has is described.</summary>
public sealed partial class DocumentLinkTests
{
    [Fact]
    public void Links_WithinTheRepository_LeadToFilesAndHeadings()
    {
        var broken =
            from file in MarkdownFile.All()
            from line in file.Lines.Index()
            from Match link in LinkPattern().Matches(line.Item)
            let target = link.Groups[1].Value
            where !target.Contains("://", StringComparison.Ordinal) && Problem(file, target) is not null
            select $"{file.Path}:{line.Index + 1}: {target}: {Problem(file, target)}";

        Assert.Empty(broken);
    }

    [Fact]
    public void Variants_OfTheCatalog_HaveASectionThatAnswersTheSameQuestions()
    {
        var lines = MarkdownFile.Read("docs/models.md").Lines;
        foreach (var variant in VariantCatalog.All)
        {
            var section = lines.SkipWhile(line => line.TrimStart('#') != " " + variant.Name).Skip(1).TakeWhile(line => !line.StartsWith('#'));
            var bold = BoldPattern().Matches(string.Join('\n', section)).Select(match => match.Groups[1].Value.ToLowerInvariant()).ToArray();
            foreach (var question in (string[])["when", "score", "options", "cost", "source"])
                Assert.True(bold.Any(words => words.Contains(question, StringComparison.Ordinal)), $"docs/models.md says no **{question}** of {variant.Name}");
        }
    }

    private static string? Problem(MarkdownFile file, string link)
    {
        var (path, heading) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
        var target = path.Length == 0 ? file.Path : Path.GetRelativePath(
            TestEnvironment.RepositoryFolder, Path.GetFullPath(path, Path.GetDirectoryName(Path.Combine(TestEnvironment.RepositoryFolder, file.Path))!));
        var full = Path.Combine(TestEnvironment.RepositoryFolder, target);
        if (!File.Exists(full) && !Directory.Exists(full))
            return "there is no such file";
        return heading is null || File.ReadLines(full).Any(line => line.StartsWith('#') && Anchor(line) == heading) ? null : "there is no such heading";
    }

    // As GitHub does: lower case, without signs, hyphens for blanks.
    private static string Anchor(string heading) => NotInAnchors().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex BoldPattern();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}

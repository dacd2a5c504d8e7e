using System.Text.RegularExpressions;

namespace AEAnomaly.TestKit;

/// <summary>A document of the repository, by its path from the root with forward slashes.</summary>
/// <param name="Path">Path.</param>
/// <param name="Lines">Lines of text.</param>
public sealed partial record MarkdownFile(string Path, IReadOnlyList<string> Lines)
{
    // What builds and benches write, and what no reader sees.
    private static readonly string[] WrittenByPrograms = ["artifacts", "bin", "obj", "results", "TestResults"];

    /// <summary>Reads every document that people write.</summary>
    public static IReadOnlyList<MarkdownFile> All() => [.. Below(TestEnvironment.RepositoryFolder).Order(StringComparer.Ordinal).Select(path => new MarkdownFile(
        System.IO.Path.GetRelativePath(TestEnvironment.RepositoryFolder, path).Replace('\\', '/'), File.ReadAllLines(path)))];

    /// <summary>Reads one document.</summary>
    public static MarkdownFile Read(string path) => All().Single(file => file.Path == path);

    /// <summary>Lists the blocks between fences, and those that are indented by four.</summary>
    public IEnumerable<MarkdownBlock> Blocks()
    {
        for (var i = 0; i < Lines.Count; i++)
        {
            var isFence = Lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (!isFence && !(IsIndented(i) && (i == 0 || Lines[i - 1].Length == 0)))
                continue;
            var start = isFence ? i + 1 : i;
            var end = start;
            while (end < Lines.Count && (isFence ? !Lines[end].TrimStart().StartsWith("```", StringComparison.Ordinal) : IsIndented(end)))
                end++;
            yield return new MarkdownBlock(
                this, start + 1, isFence ? Lines[i].Trim()[3..] : "", [.. Lines.Skip(start).Take(end - start).Select(line => isFence ? line : line[4..])]);
            i = end;
        }
    }

    /// <summary>Lists the texts between backticks outside of blocks.</summary>
    public IEnumerable<(int Line, string Text)> Spans()
    {
        var inBlocks = Blocks().SelectMany(block => Enumerable.Range(block.Line, block.Lines.Count)).ToHashSet();
        for (var i = 0; i < Lines.Count; i++)
        {
            if (inBlocks.Contains(i + 1))
                continue;
            foreach (Match span in SpanPattern().Matches(Lines[i]))
                yield return (i + 1, span.Groups[1].Value);
        }
    }

    public override string ToString() => Path;

    private static IEnumerable<string> Below(string folder) => Directory.GetFiles(folder, "*.md").Concat(
        from inner in Directory.GetDirectories(folder)
        let name = System.IO.Path.GetFileName(inner)
        where !name.StartsWith('.') && !WrittenByPrograms.Contains(name)
        from path in Below(inner)
        select path);

    private bool IsIndented(int line) => Lines[line].StartsWith("    ", StringComparison.Ordinal);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex SpanPattern();
}

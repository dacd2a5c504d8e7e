using System.Text.RegularExpressions;

namespace AEAnomaly.Architecture.Tests;

/// <summary>House rules that can be read off a source file. Each method gives what breaks its rule, or null.</summary>
internal static partial class SourceRules
{
    private const int LongestFile = 400;

    private static readonly string[] UnfinishedWork = ["TODO", "FIXME", "HACK", "XXX"];

    private static readonly string[] VagueNames = ["Interfaces", "Services", "Helpers", "Utils", "Utilities", "Common", "Misc", "Extensions"];

    public static IEnumerable<string> All(string path, string[] lines)
    {
        string?[] findings =
        [
            Length(path, lines), Unfinished(lines), AsyncVoid(lines), Suppression(lines), Name(path),
            Namespace(path, lines), PublicTypes(path, lines),
        ];
        return findings.OfType<string>().Select(finding => $"{path}: {finding}");
    }

    /// <summary>Files are read by people, unless a generator wrote them and says so in the first line.</summary>
    public static string? Length(string path, string[] lines) =>
        lines.Length <= LongestFile || (path.EndsWith(".g.cs", StringComparison.Ordinal) && lines[0].Contains("eng/", StringComparison.Ordinal))
            ? null
            : $"{lines.Length} lines; at most {LongestFile}";

    public static string? Unfinished(string[] lines) => FirstOf(UnfinishedWork, lines);

    public static string? AsyncVoid(string[] lines) => FirstOf(["async void"], lines);

    public static string? Suppression(string[] lines) => FirstOf(["#pragma warning disable", "#nullable disable"], lines);

    public static string? Name(string path)
    {
        var parts = path.Split('/');
        return parts[..^1].Intersect(VagueNames).FirstOrDefault() is { } folder ? $"folder {folder} names no concept of the domain"
            : VagueNames.Contains(Path.GetFileNameWithoutExtension(parts[^1])) ? "the file's name names no concept of the domain"
            : null;
    }

    /// <summary>src/Models/Training/X.cs lies in AEAnomaly.Models.Training.</summary>
    public static string? Namespace(string path, string[] lines)
    {
        var declared = lines.Select(line => NamespaceLine().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;
        var expected = "AEAnomaly." + string.Join('.', path.Split('/')[1..^1]);
        return declared is null || declared == expected ? null : $"namespace {declared}; its folder says {expected}";
    }

    /// <summary>At most one public type, with the file's name; Consumer.Log.cs is a part of Consumer.</summary>
    public static string? PublicTypes(string path, string[] lines)
    {
        var types = lines.Select(line => PublicType().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).Distinct().ToArray();
        var name = Path.GetFileName(path).Split('.')[0];
        return types.Length > 1 ? $"several public types: {string.Join(", ", types)}"
            : types.Length == 1 && types[0] != name ? $"its public type is {types[0]}"
            : null;
    }

    private static string? FirstOf(string[] words, string[] lines)
    {
        for (var index = 0; index < lines.Length; index++)
        {
            if (Array.Find(words, word => ContainsWord(lines[index], word)) is { } word)
            {
                return $"line {index + 1}: {word}";
            }
        }

        return null;
    }

    private static bool ContainsWord(string line, string word)
    {
        for (var at = line.IndexOf(word, StringComparison.Ordinal); at >= 0; at = line.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            var startsWord = at == 0 || !char.IsLetterOrDigit(line[at - 1]);
            var endsWord = end == line.Length || !char.IsLetterOrDigit(line[end]);
            if (startsWord && endsWord)
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"^namespace ([\w.]+)")]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|readonly|partial|ref|unsafe) )*(?:record struct|record class|record|class|struct|interface|enum) (\w+)")]
    private static partial Regex PublicType();
}

using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace AEAnomaly.Host.Configuration;

/// <summary>Says what is wrong with a text that is not YAML, where, and what was probably meant; never the text itself, which may be a password.</summary>
internal static partial class YamlProblem
{
    /// <summary>Describes what the parser found.</summary>
    /// <param name="problem">What it threw.</param>
    /// <param name="yaml">The whole text.</param>
    /// <returns>Line from 1, and the sentence.</returns>
    public static (int Line, string Message) Describe(YamlException problem, string yaml)
    {
        var lines = yaml.Split('\n');
        // What is missing at the end of the text is missing on its last line.
        var line = Math.Clamp((int)problem.Start.Line, 1, yaml.TrimEnd().Count(c => c == '\n') + 1);
        if (problem.Message.Contains("tab character", StringComparison.Ordinal) || problem.Message.Contains("invalid tab", StringComparison.Ordinal))
            return (LineOfTab(lines, line), "not valid YAML: a tab indents this line; use spaces.");
        return (line, $"not valid YAML (column {problem.Start.Column}): {Reason(problem)}{Hint(problem, lines, line)}");
    }

    /// <summary>Describes what the parser stumbled over without saying where: the first place that looks like it.</summary>
    /// <param name="problem">What it threw.</param>
    /// <param name="yaml">The whole text.</param>
    /// <returns>Line from 1, and the sentence.</returns>
    public static (int Line, string Message) Describe(ArgumentException problem, string yaml)
    {
        var (pattern, message) = problem is ArgumentOutOfRangeException
            ? (HugeEscapePattern(), "an escape in double quotes names no character; in single quotes a backslash is one.")
            : (TagPattern(), "a tag that is none; put quotes around a text that begins with !.");
        return (yaml.AsSpan(0, pattern.Match(yaml).Index).Count('\n') + 1, "not valid YAML: " + message);
    }

    [GeneratedRegex(@"\\U[89A-Fa-f][0-9A-Fa-f]{7}")]
    private static partial Regex HugeEscapePattern();

    [GeneratedRegex(@"(?<![^\s\[{,:?-])!")]
    private static partial Regex TagPattern();

    // The parser names the beginning of the section around the tab, or the line before it.
    private static int LineOfTab(string[] lines, int from)
    {
        var index = Array.FindIndex(lines, Math.Clamp(from - 1, 0, lines.Length - 1), l => l.TrimStart(' ').StartsWith('\t'));
        return index < 0 ? from : index + 1;
    }

    private static string Reason(YamlException problem)
    {
        // YamlDotNet puts "(Line: 3, Col: 5, Idx: 40) - (...): " before some messages; the line is named already.
        var message = problem.Message;
        var end = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        return (end < 0 ? message : message[(end + 3)..]).TrimEnd('.') + ".";
    }

    private static string Hint(YamlException problem, string[] lines, int line)
    {
        var text = line >= 1 && line <= lines.Length ? lines[line - 1] : "";
        if (UnreplacedText.IsIn(text))
            return " The line holds a variable or a template that nothing fills in here.";
        if (Array.FindIndex(lines, l => l.Contains("{{", StringComparison.Ordinal) || l.Contains("{%", StringComparison.Ordinal)) is var template and >= 0)
            return $" Line {template + 1} holds a template; fill it in before.";

        // Signs that mean something at the beginning of a value are commonest in passwords.
        var column = (int)problem.Start.Column;
        return column >= 1 && column <= text.Length && "*&!|>%@`{[\"'#?-".Contains(text[column - 1], StringComparison.Ordinal)
            ? $" Put quotes around a text that begins with {text[column - 1]}."
            : "";
    }
}

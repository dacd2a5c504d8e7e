using System.Text;
using System.Text.RegularExpressions;

namespace AEAnomaly.TestKit;

/// <summary>A command line that a document shows.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Text">The command, without prompt and remark.</param>
/// <param name="IsWhole">Whether it stands in a block or a table of commands, to be run as it is; within a sentence only what matters is written.</param>
public sealed partial record DocumentedCommand(string Place, string Text, bool IsWhole)
{
    /// <summary>Gets the words of the command as a shell splits them; a pipe or redirection and what follows it are left out.</summary>
    public string[] Words => Split(Text);

    /// <summary>Gets whether it runs the product.</summary>
    public bool IsProduct => Words[0] is "aeanomaly" or "./aeanomaly";

    /// <summary>Lists every command of a document.</summary>
    public static IEnumerable<DocumentedCommand> In(MarkdownFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        foreach (var block in file.Blocks())
        {
            for (var i = 0; i < block.Lines.Count; i++)
            {
                var line = block.Lines[i];
                var isPrompt = block.Language == "console" && line.StartsWith("$ ", StringComparison.Ordinal);
                if (isPrompt || (block.Language.Length == 0 && ProgramPattern().IsMatch(line)))
                    yield return new DocumentedCommand($"{file.Path}:{block.Line + i}", isPrompt ? line[2..] : line, IsWhole: true);
            }
        }

        foreach (var (line, text) in file.Spans().Where(span => ProgramPattern().IsMatch(span.Text) && span.Text.TrimEnd().Contains(' ', StringComparison.Ordinal)))
            yield return new DocumentedCommand($"{file.Path}:{line}", text, IsWhole: false);
        foreach (var command in InTables(file))
            yield return command;
    }

    // | command | ... | with rows such as | `init --data FILE \| --topic T` | ... |
    private static IEnumerable<DocumentedCommand> InTables(MarkdownFile file)
    {
        var isTable = false;
        for (var i = 0; i < file.Lines.Count; i++)
        {
            var line = file.Lines[i];
            isTable = line.StartsWith("| command |", StringComparison.Ordinal) || (isTable && line.StartsWith('|'));
            if (!isTable || !line.StartsWith("| `", StringComparison.Ordinal))
                continue;
            var ways = line[3..line.IndexOf('`', 3)].Split(@" \| ");
            var name = ways[0].Split(' ')[0];
            for (var way = 0; way < ways.Length; way++)
                yield return new DocumentedCommand($"{file.Path}:{i + 1}", $"aeanomaly {(way == 0 ? "" : name + " ")}{ways[way]}", IsWhole: true);
        }
    }

    private static string[] Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        foreach (var c in text + " ")
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
                (quote, isWord) = (quote == '\0' ? c : '\0', true);
            else if (quote == '\0' && c is '#' or '|' or '>' && !isWord)
                break;
            else if (quote == '\0' && c == ' ')
                isWord = Add(words, word, isWord);
            else
                (_, isWord) = (word.Append(c), true);
        }

        return [.. words];
    }

    private static bool Add(List<string> words, StringBuilder word, bool isWord)
    {
        if (isWord)
            words.Add(word.ToString());
        word.Clear();
        return false;
    }

    public override string ToString() => $"{Place}: {Text}";

    [GeneratedRegex(@"^(\./\S+|\.ci/run|aeanomaly|dotnet|git|python3|pip|nvidia-smi|kafka-\S+|bench/\S+\.sh|curl|docker|podman)( |$)")]
    private static partial Regex ProgramPattern();
}

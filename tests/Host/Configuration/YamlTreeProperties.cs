using System.Text;
using AEAnomaly.Host.Configuration;
using CsCheck;

namespace AEAnomaly.Host.Tests.Configuration;

/// <summary>Holds the reader of YAML to what was written, in each of the ways in which YAML writes the same. A failure names the seed that repeats it.</summary>
public sealed class YamlTreeProperties
{
    // What means something in YAML, what nothing can print, and letters of one to four bytes.
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Char["ab01 .-_/"].Array[0, 12].Select(text => new string(text)),
        Gen.OneOf("null", "~", "yes", "0x1f", "1e3", "<<", "---", "...", "- a", "a: b", "#c", "*a", "&a", "!t", "|", ">", "%", "@", "`", "{}", "[]"),
        Gen.Char["a \t\n\r\"'\\:#,[]{}&*!|>%@`\0\u0007\u001b\u0085\u00a0\u00e9\u2028\u4e2d"].Array[0, 20].Select(text => new string(text)),
        Gen.OneOf("\ud83d\ude00", "\ufeffa"));

    private static readonly Gen<(Tree Root, int[] Styles)> Documents =
        from entries in EntriesOf(3)
        from styles in Gen.Int[0, 3].Array[1, 30]
        select (new Tree(null, null, entries), styles);

    [Fact]
    public void Read_WrittenTree_ComesBackNodeByNode() =>
        Documents.Sample(document =>
        {
            var yaml = new YamlWriter(document.Styles).Write(document.Root);
            var errors = new ConfigurationErrors("c.yaml");

            var read = YamlTreeReader.Read(yaml, "c.yaml", errors);

            Assert.True(errors.Count == 0, string.Join('\n', errors.Sorted) + "\n" + yaml);
            Assert.True(AreEqual(document.Root, read!), yaml);
        });

    [Fact]
    public void Read_AnyText_GivesATreeOrSaysTheLine() =>
        Gen.OneOf(
            Gen.Char["ab: \n-#'\"[]{},&*!|>%?<~\t\0"].Array[0, 80].Select(text => new string(text)),
            Documents.SelectMany(document => Gen.Int[0, 400].Select(Gen.Char["ab: \n-#'\"[]{},&*!|>%?<~\t\0"], (at, sign) => Changed(new YamlWriter(document.Styles).Write(document.Root), at, sign)))).Sample(yaml =>
            {
                var errors = new ConfigurationErrors("c.yaml");

                var read = YamlTreeReader.Read(yaml, "c.yaml", errors);

                Assert.True(read is not null || errors.Count > 0, yaml);
                Assert.All(errors.Sorted, error => Assert.InRange(error.Origin.Line, 1, yaml.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028') + 1));
            });

    // What the properties found.
    [Theory]
    [InlineData("kafka: 1\nmodels: \"\\UB000001B\"", 2, "not valid YAML: an escape in double quotes names no character")]
    [InlineData("kafka: a!\nmodels: !![~b", 2, "not valid YAML: a tag that is none; put quotes around a text that begins with !.")]
    [InlineData("kafka:\n  - a\n:\n", 3, "not valid YAML (column 1): a line begins with ':'")]
    public void Read_TextThatTheParserStumblesOver_SaysLineAndReason(string yaml, int line, string message)
    {
        var errors = new ConfigurationErrors("c.yaml");

        Assert.Null(YamlTreeReader.Read(yaml, "c.yaml", errors));

        var error = Assert.Single(errors.Sorted);
        Assert.Equal(line, error.Origin.Line);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static string Changed(string text, int at, char sign) => at < text.Length ? text[..at] + sign + text[(at + 1)..] : text + sign;

    private static Gen<Tree> TreeOf(int depth)
    {
        var scalar = Text.Select(text => new Tree(text, null, null));
        return depth == 0
            ? scalar
            : Gen.OneOf(scalar, TreeOf(depth - 1).Array[0, 4].Select(items => new Tree(null, items, null)), EntriesOf(depth - 1).Select(entries => new Tree(null, null, entries)));
    }

    private static Gen<(string Key, Tree Value)[]> EntriesOf(int depth) =>
        Gen.Select(Text, TreeOf(depth)).Array[0, 4].Select(entries => entries.DistinctBy(entry => entry.Item1).ToArray());

    private static bool AreEqual(Tree written, ConfigurationNode read) => (written, read) switch
    {
        ({ Text: { } text }, ScalarNode scalar) => scalar.Text == text && !scalar.IsNull,
        ({ Items: { } items }, SequenceNode list) => items.Length == list.Items.Count && items.Zip(list.Items).All(pair => AreEqual(pair.First, pair.Second)),
        ({ Entries: { } entries }, MappingNode section) => entries.Length == section.Entries.Count
            && entries.Zip(section.Entries).All(pair => pair.First.Key == pair.Second.Key && AreEqual(pair.First.Value, pair.Second.Value)),
        _ => false,
    };

    private sealed record Tree(string? Text, Tree[]? Items, (string Key, Tree Value)[]? Entries);

    // Writes each node in one of several styles, which follow each other as they are given.
    private sealed class YamlWriter(int[] styles)
    {
        private readonly StringBuilder _yaml = new();
        private int _written;

        public string Write(Tree root)
        {
            Node(root, 0, isFlow: false);
            return _yaml.Append('\n').ToString();
        }

        private void Node(Tree node, int indent, bool isFlow)
        {
            isFlow |= NextStyle() == 0;
            if (node.Text is { } text)
                Scalar(text, isKey: false, isFlow, indent);
            else if (node.Items is { } items)
                Collection(items.Length, "[]", isFlow, indent, i => Item(items[i], indent, isFlow));
            else
                Collection(node.Entries!.Length, "{}", isFlow, indent, i => Entry(node.Entries[i], indent, isFlow));
        }

        private void Collection(int count, string brackets, bool isFlow, int indent, Action<int> write)
        {
            if (isFlow || count == 0)
                _yaml.Append(brackets[0]);
            for (var i = 0; i < count; i++)
            {
                if (isFlow)
                    _yaml.Append(i > 0 ? ", " : "");
                else
                    _yaml.Append('\n').Append(' ', indent);
                write(i);
            }

            if (isFlow || count == 0)
                _yaml.Append(brackets[1]);
        }

        private void Item(Tree item, int indent, bool isFlow)
        {
            if (!isFlow)
                _yaml.Append("- ");
            Node(item, indent + 2, isFlow);
        }

        private void Entry((string Key, Tree Value) entry, int indent, bool isFlow)
        {
            Scalar(entry.Key, isKey: true, isFlow, indent);
            _yaml.Append(": ");
            Node(entry.Value, indent + 2, isFlow);
        }

        private void Scalar(string text, bool isKey, bool isFlow, int indent)
        {
            var isPrintable = text.All(c => c is >= ' ' and < '\u007f' or '\u00e9' or '\u4e2d');
            switch (NextStyle())
            {
                case 1 when isPrintable:
                    _yaml.Append('\'').Append(text.Replace("'", "''", StringComparison.Ordinal)).Append('\'');
                    break;
                case 2 when text.Length > 0 && text.All(char.IsAsciiLetter) && text != "null":
                    _yaml.Append(text);
                    break;
                case 3 when isPrintable && text.Trim(' ').Length > 0 && !isKey && !isFlow:
                    // A literal block: its indentation is told, since the text may begin with blanks.
                    _yaml.Append("|2-\n").Append(' ', indent).Append(text);
                    break;
                default:
                    _yaml.Append('"');
                    foreach (var rune in text.EnumerateRunes())
                        _yaml.Append(rune.Value is '"' or '\\' or < ' ' or > '~' ? $"\\U{rune.Value:X8}" : rune.ToString());
                    _yaml.Append('"');
                    break;
            }
        }

        private int NextStyle() => styles[_written++ % styles.Length];
    }
}

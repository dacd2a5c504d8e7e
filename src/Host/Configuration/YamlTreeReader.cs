using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AEAnomaly.Host.Configuration;

/// <summary>Reads YAML into nodes that know their lines; reports syntax errors and duplicate keys instead of stopping at the first.</summary>
internal sealed class YamlTreeReader
{
    private const int MaxDepth = 64;
    private const int MaxCopies = 100_000;

    private readonly string _file;
    private readonly ConfigurationErrors _errors;
    private readonly Dictionary<string, ConfigurationNode> _anchors = new(StringComparer.Ordinal);

    private int _copies;

    private YamlTreeReader(string file, ConfigurationErrors errors)
    {
        _file = file;
        _errors = errors;
    }

    /// <summary>Reads one document.</summary>
    /// <param name="text">YAML text.</param>
    /// <param name="file">File name for messages.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <returns>The top section; empty when the document is, null when it cannot be read.</returns>
    public static MappingNode? Read(TextReader text, string file, ConfigurationErrors errors)
    {
        var yaml = text.ReadToEnd();
        try
        {
            var parser = new Parser(new StringReader(yaml));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
                return new MappingNode(new ConfigurationOrigin(file, 1));

            var root = new YamlTreeReader(file, errors).ReadNode(parser, "", 0);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
                errors.Add(new ConfigurationOrigin(file, (int)second.Start.Line), "", "a second YAML document begins here; a configuration is one document.");

            switch (root)
            {
                case MappingNode mapping:
                    return mapping;
                case ScalarNode { IsNull: true }:
                    return new MappingNode(new ConfigurationOrigin(file, 1));
                default:
                    errors.Add(root.Origin, "", $"found {(root is SequenceNode ? "a list" : "a single value")}; expected sections such as 'kafka:' and 'detectors:'.");
                    return null;
            }
        }
        catch (YamlException problem)
        {
            if (problem.Message.Contains("invalid tab", StringComparison.Ordinal))
                errors.Add(new ConfigurationOrigin(file, LineOfTab(yaml, (int)problem.Start.Line)), "", "not valid YAML: a tab indents this line; use spaces.");
            else
                errors.Add(new ConfigurationOrigin(file, (int)problem.Start.Line), "", $"not valid YAML (column {problem.Start.Column}): {Reason(problem)}");
            return null;
        }
    }

    // The parser names the beginning of the section around the tab.
    private static int LineOfTab(string yaml, int from)
    {
        var lines = yaml.Split('\n');
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

    private ConfigurationNode ReadNode(IParser parser, string path, int depth)
    {
        var start = parser.Current?.Start ?? Mark.Empty;
        if (depth > MaxDepth)
            throw new YamlException(start, start, $"sections are nested deeper than {MaxDepth} levels");

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out var known)
                ? Copy(known, alias.Start)
                : throw new YamlException(alias.Start, alias.End, $"alias '*{alias.Value.Value}' has no anchor before it");
        }

        ConfigurationNode node;
        var anchor = (parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        if (parser.TryConsume<Scalar>(out var scalar))
            node = new ScalarNode(scalar.Value, Origin(scalar.Start), scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any));
        else if (parser.TryConsume<SequenceStart>(out var list))
            node = ReadList(parser, Origin(list.Start), path, depth);
        else
            node = ReadSection(parser, Origin(parser.Consume<MappingStart>().Start), path, depth);

        // Only a finished node gets its anchor, so no node can contain itself.
        if (!anchor.IsEmpty)
            _anchors[anchor.Value] = node;
        return node;
    }

    private SequenceNode ReadList(IParser parser, ConfigurationOrigin origin, string path, int depth)
    {
        var list = new SequenceNode(origin);
        while (!parser.TryConsume<SequenceEnd>(out _))
            list.Items.Add(ReadNode(parser, $"{path}[{list.Items.Count}]", depth + 1));
        return list;
    }

    private MappingNode ReadSection(IParser parser, ConfigurationOrigin origin, string path, int depth)
    {
        var section = new MappingNode(origin);
        MappingNode? merged = null;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                var at = parser.Current?.Start ?? Mark.Empty;
                throw new YamlException(at, at, "a key must be a plain text");
            }

            var keyPath = OptionsPath.Join(path, key.Value);
            var value = ReadNode(parser, keyPath, depth + 1);
            if (key is { Value: "<<", Style: ScalarStyle.Plain } && value is MappingNode defaults)
            {
                merged = defaults;
                continue;
            }

            var first = section.Entries.Find(e => e.Key == key.Value);
            if (first is null)
                section.Entries.Add(new MappingEntry(key.Value, Origin(key.Start), value));
            else
                _errors.Add(Origin(key.Start), keyPath, $"the key stands twice; first on line {first.Origin.Line}. Keep one.");
        }

        // "<<: *name" gives what the section does not say itself.
        if (merged is not null)
            section.Entries.AddRange(merged.Entries.Where(e => !section.Entries.Exists(own => own.Key == e.Key)));
        return section;
    }

    // Each alias gets nodes of its own, because an environment variable may change one of them.
    private ConfigurationNode Copy(ConfigurationNode node, Mark at)
    {
        if (++_copies > MaxCopies)
            throw new YamlException(at, at, "aliases repeat too much");

        switch (node)
        {
            case MappingNode section:
                var sectionCopy = new MappingNode(section.Origin);
                sectionCopy.Entries.AddRange(section.Entries.Select(e => e with { Value = Copy(e.Value, at) }));
                return sectionCopy;
            case SequenceNode list:
                var listCopy = new SequenceNode(list.Origin);
                listCopy.Items.AddRange(list.Items.Select(i => Copy(i, at)));
                return listCopy;
            default:
                return node;
        }
    }

    private ConfigurationOrigin Origin(Mark mark) => new(_file, (int)mark.Line);
}

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
    /// <param name="yaml">YAML text.</param>
    /// <param name="file">File name for messages.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <returns>The top section; empty when the document is, null when it cannot be read.</returns>
    public static MappingNode? Read(string yaml, string file, ConfigurationErrors errors)
    {
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
                case UnreadableNode:
                    return null;
                default:
                    errors.Add(root.Origin, "", $"found {(root is SequenceNode ? "a list" : "a single value")}; expected sections such as 'kafka:' and 'detectors:'.");
                    return null;
            }
        }
        catch (YamlException problem)
        {
            var (line, message) = YamlProblem.Describe(problem, yaml);
            errors.Add(new ConfigurationOrigin(file, line), "", message);
            return null;
        }
        catch (ArgumentException problem)
        {
            // What the parser says of the number of an escape that is beyond its own numbers, and of a tag that is no address.
            var (line, message) = YamlProblem.Describe(problem, yaml);
            errors.Add(new ConfigurationOrigin(file, line), "", message);
            return null;
        }
        catch (InvalidOperationException)
        {
            // What the parser says when the text ends within brackets.
            errors.Add(new ConfigurationOrigin(file, yaml.TrimEnd().Count(c => c == '\n') + 1), "", "not valid YAML: a '{' or '[' is not closed. Put quotes around a text that begins with one.");
            return null;
        }
    }

    private ConfigurationNode ReadNode(IParser parser, string path, int depth)
    {
        var start = parser.Current?.Start ?? Mark.Empty;
        if (depth > MaxDepth)
            throw new YamlException(start, start, $"sections are nested deeper than {MaxDepth} levels");

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (_anchors.TryGetValue(alias.Value.Value, out var known))
                return Copy(known, alias.Start);

            // Its name is not shown: a password that begins with * reads as one.
            return Unreadable(alias.Start, path, "an alias, and no anchor of its name before it; put quotes around a text that begins with *.");
        }

        ConfigurationNode node;
        var (anchor, tag) = parser.Current is NodeEvent current ? (current.Anchor, current.Tag) : (AnchorName.Empty, TagName.Empty);
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            var isPlain = scalar.Style is ScalarStyle.Plain or ScalarStyle.Any;
            if (isPlain && scalar.Value.Length == 0 && !anchor.IsEmpty)
                return Unreadable(scalar.Start, path, "an anchor without a value; put quotes around a text that begins with &.");
            if (!tag.IsEmpty && tag.IsLocal)
                return Unreadable(scalar.Start, path, "a tag, and there are none here; put quotes around a text that begins with !, and write ${file:/path} for what a file holds.");
            node = new ScalarNode(scalar.Value, Origin(scalar.Start), !isPlain);
        }
        else if (parser.TryConsume<SequenceStart>(out var list))
            node = ReadList(parser, Origin(list.Start), path, depth);
        else if (parser.TryConsume<MappingStart>(out var section))
            node = ReadSection(parser, Origin(section.Start), path, depth);
        else
            throw new YamlException(start, start, "a line begins with ':', with no key before it and no value behind it");

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
        MappingEntry? merged = null;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                var at = parser.Current?.Start ?? Mark.Empty;
                throw new YamlException(at, at, "a key must be a plain text");
            }

            // What stands below a secret key is part of a secret that was not quoted.
            var keyPath = OptionsPath.IsSecret(path) ? path : OptionsPath.Join(path, key.Value);
            var value = ReadNode(parser, keyPath, depth + 1);
            var entry = new MappingEntry(key.Value, Origin(key.Start), value);
            var isMerge = key is { Value: "<<", Style: ScalarStyle.Plain };
            var first = isMerge ? merged : section.Entries.Find(e => e.Key == key.Value);
            if (first is not null)
                _errors.Add(entry.Origin, keyPath, $"the key stands twice; first on line {first.Origin.Line}. {(isMerge ? "Write <<: [*one, *other]" : "Keep one")}.");
            else if (isMerge)
                merged = entry;
            else
                section.Entries.Add(entry);
        }

        if (merged is not null)
            Merge(section, merged, path);
        return section;
    }

    // "<<: *name" gives what the section does not say itself; of several, "<<: [*one, *other]", the first that has a key gives it (yaml.org/type/merge.html).
    private void Merge(MappingNode section, MappingEntry merged, string path)
    {
        foreach (var defaults in merged.Value is SequenceNode list ? list.Items : [merged.Value])
        {
            if (defaults is MappingNode mapping)
                section.Entries.AddRange(mapping.Entries.Where(e => !section.Entries.Exists(own => own.Key == e.Key)));
            else if (defaults is not UnreadableNode)
                _errors.Add(defaults.Origin, OptionsPath.Join(path, merged.Key), "merges sections; expected an alias of one such as *name, or a list of them.");
        }
    }

    private UnreadableNode Unreadable(Mark at, string path, string what)
    {
        _errors.Add(Origin(at), path, $"found {what}");
        return new UnreadableNode(Origin(at));
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

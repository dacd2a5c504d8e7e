using YamlDotNet.RepresentationModel;

namespace AEAnomaly.Host.Tests.Documentation;

/// <summary>Puts a fragment of YAML into the smallest whole configuration, where it belongs by its top keys.</summary>
internal static class WholeConfiguration
{
    private const string Smallest = """
        kafka: { bootstrap_servers: "localhost:9092" }
        detectors:
          - name: payments
            topics: [payments]
            fields:
              - { name: card, kind: key }
              - { name: size, kind: numeric }
        """;

    /// <summary>Makes a configuration of a block: a whole one is taken as it is, a list is one of fields, other keys are those of a detector.</summary>
    public static string Of(string block)
    {
        var fragment = Root(block);
        var whole = (YamlMappingNode)Root(Smallest);
        switch (fragment)
        {
            case YamlMappingNode all when whole.Children.Keys.All(all.Children.ContainsKey):
                return block;
            case YamlMappingNode keys when keys.Children.Keys.Any(key => key.ToString() is "kafka" or "models" or "http" or "otlp" or "detectors"):
                Merge(whole, keys);
                break;
            case YamlMappingNode keys:
                Merge(Detector(whole), keys);
                break;
            case YamlSequenceNode fields:
                var declared = (YamlSequenceNode)Detector(whole)["fields"];
                foreach (var field in fields)
                    declared.Add(field);
                break;
            default:
                throw new ArgumentException($"neither keys nor a list: {block}", nameof(block));
        }

        using var text = new StringWriter();
        new YamlStream(new YamlDocument(whole)).Save(text, assignAnchors: false);
        // The library ends a document by its own mark.
        return text.ToString().TrimEnd().TrimEnd('.');
    }

    private static YamlMappingNode Detector(YamlMappingNode whole) => (YamlMappingNode)((YamlSequenceNode)whole["detectors"])[0];

    private static YamlNode Root(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Single().RootNode;
    }

    // Sections meet sections and the items of lists of sections each other; everything else replaces what was there.
    private static void Merge(YamlMappingNode into, YamlMappingNode from)
    {
        foreach (var (key, value) in from.Children)
        {
            into.Children.TryGetValue(key, out var known);
            if (known is YamlMappingNode section && value is YamlMappingNode other)
                Merge(section, other);
            else if (known is YamlSequenceNode list && value is YamlSequenceNode others && others.All(item => item is YamlMappingNode { Style: not YamlDotNet.Core.Events.MappingStyle.Flow }))
                MergeItems(list, others);
            else
                into.Children[key] = value;
        }
    }

    private static void MergeItems(YamlSequenceNode into, YamlSequenceNode from)
    {
        for (var i = 0; i < from.Children.Count; i++)
        {
            if (i < into.Children.Count)
                Merge((YamlMappingNode)into[i], (YamlMappingNode)from[i]);
            else
                into.Add(from[i]);
        }
    }
}

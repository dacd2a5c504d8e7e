using System.Globalization;
using System.Text.Json.Nodes;
using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.Tests.Configuration;

/// <summary>Reads YAML as an editor does: plain words that look like numbers, booleans or null are such.</summary>
internal static class YamlAsJson
{
    public static JsonNode? Read(string yaml)
    {
        var errors = new ConfigurationErrors("yaml");
        var root = YamlTreeReader.Read(yaml, "yaml", errors);
        Assert.Empty(errors.Sorted);
        return Convert(root!);
    }

    private static JsonNode? Convert(ConfigurationNode node) => node switch
    {
        MappingNode section => new JsonObject(section.Entries.Select(e => KeyValuePair.Create(e.Key, Convert(e.Value)))),
        SequenceNode list => new JsonArray([.. list.Items.Select(Convert)]),
        ScalarNode { IsNull: true } => null,
        ScalarNode { Text: "true" or "false" } flag => JsonValue.Create(flag.Text == "true"),
        ScalarNode scalar when double.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        ScalarNode scalar => JsonValue.Create(scalar.Text),
        _ => throw new NotSupportedException(node.GetType().Name),
    };
}

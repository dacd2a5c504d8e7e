using System.Text.Json;
using System.Text.Json.Nodes;

namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>A value of the chart, with what the comment above it says.</summary>
/// <param name="Path">Keys from the top.</param>
/// <param name="Description">What it is, or null where its section says it.</param>
/// <param name="Schema">What a <c># @schema</c> line adds to the schema that its default gives, or null.</param>
/// <param name="Default">Default.</param>
internal sealed record ChartValue(string[] Path, string? Description, JsonObject? Schema, JsonNode? Default)
{
    private const string DescriptionMark = "# -- ";
    private const string SchemaMark = "# @schema ";

    /// <summary>Reads values.yaml: sections before their keys.</summary>
    public static IReadOnlyList<ChartValue> In(string yaml)
    {
        var defaults = YamlNodes.Documents(yaml).Single();
        var values = new List<ChartValue>();
        var path = new List<(int Indent, string Key)>();
        string? description = null;
        JsonObject? schema = null;
        foreach (var line in yaml.Split('\n'))
        {
            var text = line.TrimStart();
            var indent = line.Length - text.Length;
            if (text.StartsWith(DescriptionMark, StringComparison.Ordinal))
            {
                description = text[DescriptionMark.Length..];
            }
            else if (text.StartsWith(SchemaMark, StringComparison.Ordinal))
            {
                schema = JsonNode.Parse(text[SchemaMark.Length..])!.AsObject();
            }
            else if (text.StartsWith('#') && description is not null)
            {
                description += " " + text[1..].Trim();
            }
            else if (text.Length > 0 && char.IsAsciiLetter(text[0]) && text.Contains(':', StringComparison.Ordinal))
            {
                path.RemoveAll(above => above.Indent >= indent);
                path.Add((indent, text[..text.IndexOf(':', StringComparison.Ordinal)]));
                string[] keys = [.. path.Select(above => above.Key)];
                // The configuration is described by its own document and schema.
                if (keys[0] != "config" || keys.Length == 1)
                    values.Add(new ChartValue(keys, description, schema, keys.Aggregate((JsonNode?)defaults, (node, key) => node![key])));
                (description, schema) = (null, null);
            }
        }

        return values;
    }

    /// <summary>Gets whether keys of its own follow it.</summary>
    public bool IsSectionOf(IEnumerable<ChartValue> all) => all.Any(other => other.Path.Length == Path.Length + 1 && other.Path.AsSpan(0, Path.Length).SequenceEqual(Path));

    /// <summary>Gets the default as it is written in a document.</summary>
    public string DefaultText => Default is null ? "null" : Default.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

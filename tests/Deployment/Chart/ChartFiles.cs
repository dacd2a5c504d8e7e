using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AEAnomaly.Host.Configuration;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Chart;

/// <summary>Makes the files of the chart that follow from others: the schema of its values, the list of them, and copies of what lies outside of it.</summary>
internal static class ChartFiles
{
    private const string ListMark = "<!-- The list below is made from the comments of values.yaml. -->";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly IReadOnlyList<ChartValue> Values = ChartValue.In(Read("helm", "aeanomaly", "values.yaml"));

    /// <summary>Lists them by their path from the root, with what they must hold.</summary>
    public static IEnumerable<(string Path, string Text)> All()
    {
        yield return ("helm/aeanomaly/values.schema.json", Schema().ToJsonString(Readable) + "\n");
        yield return ("helm/aeanomaly/README.md", WithList(Read("helm", "aeanomaly", "README.md")));
        foreach (var file in Directory.GetFiles(Path.Combine(TestEnvironment.RepositoryFolder, "dashboards")).Where(file => Path.GetExtension(file) is ".json" or ".yaml" && !file.EndsWith(".test.yaml", StringComparison.Ordinal)))
            yield return ($"helm/aeanomaly/files/{Path.GetFileName(file)}", File.ReadAllText(file));
    }

    /// <summary>Lists the values without a description, of their own or of the section they are in.</summary>
    public static IEnumerable<string> Undescribed() =>
        from value in Values
        where !value.IsSectionOf(Values) && !Values.Any(above => above.Description is not null && value.Path.AsSpan().StartsWith(above.Path))
        select string.Join('.', value.Path);

    private static JsonObject Schema()
    {
        var schema = Section([]);
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "Values of the chart aeanomaly");
        // What Helm hands to every chart.
        schema["properties"]!["global"] = new JsonObject { ["type"] = "object" };
        return schema;
    }

    private static JsonObject Section(string[] path)
    {
        var properties = new JsonObject();
        foreach (var value in Values.Where(value => value.Path.Length == path.Length + 1 && value.Path.AsSpan().StartsWith(path)))
            properties[value.Path[^1]] = Property(value);
        return new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
    }

    private static JsonObject Property(ChartValue value)
    {
        var schema = value.Path is ["config"] ? Configuration()
            : value.IsSectionOf(Values) ? Section(value.Path)
            : new JsonObject { ["type"] = TypeOf(value.Default) };
        if (value.Description is not null)
            schema.Insert(0, "description", value.Description);
        foreach (var (key, part) in value.Schema ?? [])
            schema[key] = part?.DeepClone();
        return schema;
    }

    /// <summary>The product's own schema, in the words of the draft that every Helm reads.</summary>
    private static JsonObject Configuration()
    {
        var schema = new OptionsSchema([PolymorphicSection.Model]).Build(typeof(AEAnomalyOptions));
        foreach (var key in (string[])["$schema", "title", "description"])
            schema.Remove(key);
        NameTheChoice(schema);
        return schema;
    }

    /// <summary>Writes choices as conditions on the key that tells them apart: a wrong key is then said of the choice that was made, and not of every one.</summary>
    private static void NameTheChoice(JsonNode? node)
    {
        foreach (var inner in (node as JsonObject)?.Select(entry => entry.Value).ToArray() ?? (node as JsonArray)?.ToArray() ?? [])
            NameTheChoice(inner);
        if (node is not JsonObject schema || schema["oneOf"] is not JsonArray all)
            return;
        JsonObject[] choices = [.. all.OfType<JsonObject>().Where(choice => choice["properties"] is not null)];
        // A short form and a long one are told apart by their type.
        if (choices[0]["properties"]!.AsObject().FirstOrDefault(property => property.Value!["const"] is not null).Key is not { } key)
            return;
        schema.Remove("oneOf");
        schema["type"] = choices.Length < all.Count ? new JsonArray("object", "null") : "object";
        schema["properties"] = new JsonObject { [key] = new JsonObject { ["enum"] = new JsonArray([.. choices.Select(choice => choice["properties"]![key]!["const"]!.DeepClone())]) } };
        schema["allOf"] = new JsonArray([.. choices.Select(choice => Condition(key, choice))]);
    }

    // The default choice does not require its key, and is meant where the key is missing.
    private static JsonObject Condition(string key, JsonObject choice)
    {
        var condition = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { [key] = new JsonObject { ["const"] = choice["properties"]![key]!["const"]!.DeepClone() } } };
        if (choice["required"]?.AsArray().Any(name => (string?)name == key) == true)
            condition["required"] = new JsonArray(key);
        return new JsonObject { ["if"] = condition, ["then"] = choice.DeepClone() };
    }

    private static string TypeOf(JsonNode? value) => value!.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "integer",
        _ => "string",
    };

    private static string WithList(string document)
    {
        var rows = Values.Where(value => value.Description is not null)
            .Select(value => $"| `{string.Join('.', value.Path)}` | {(value.Path is ["config"] ? "an example" : $"`{value.DefaultText}`")} | {value.Description!.Replace("|", @"\|", StringComparison.Ordinal)} |");
        return $"{document.Split(ListMark)[0]}{ListMark}\n\n| value | default | |\n|---|---|---|\n{string.Join('\n', rows)}\n";
    }

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([TestEnvironment.RepositoryFolder, .. path]));
}

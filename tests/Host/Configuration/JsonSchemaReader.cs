using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AEAnomaly.Host.Tests.Configuration;

/// <summary>Validates JSON against the part of JSON Schema 2020-12 that the generated schema may use; any other keyword fails the test instead of being skipped.</summary>
internal static class JsonSchemaReader
{
    private static readonly string[] Annotations = ["$schema", "title", "description", "default", "examples"];

    /// <summary>Lists what does not fit, each with its path.</summary>
    public static IReadOnlyList<string> Validate(JsonNode? value, JsonObject schema, string path = "$")
    {
        var problems = new List<string>();
        foreach (var (keyword, rule) in schema)
        {
            if (Annotations.Contains(keyword) || Holds(keyword, rule!, schema, value, path, problems))
                continue;
            problems.Add($"{path}: {keyword}");
        }

        return problems;
    }

    private static bool Holds(string keyword, JsonNode rule, JsonObject schema, JsonNode? value, string path, List<string> problems)
    {
        switch (keyword)
        {
            case "type":
                return rule is JsonArray types ? types.Any(t => Is(value, (string)t!)) : Is(value, (string)rule!);
            case "enum":
                return rule.AsArray().Any(v => JsonNode.DeepEquals(v, value));
            case "const":
                return JsonNode.DeepEquals(rule, value);
            case "minimum":
                return value is not JsonValue low || !low.TryGetValue(out double least) || least >= (double)rule;
            case "maximum":
                return value is not JsonValue high || !high.TryGetValue(out double most) || most <= (double)rule;
            case "pattern":
                return value is not JsonValue text || !text.TryGetValue(out string? s) || Regex.IsMatch(s, (string)rule!);
            case "minLength":
                return value is not JsonValue word || !word.TryGetValue(out string? w) || w.Length >= (int)rule;
            case "minItems":
                return value is not JsonArray items || items.Count >= (int)rule;
            case "required":
                return value is not JsonObject parent || rule.AsArray().All(k => parent.ContainsKey((string)k!));
            case "oneOf":
                return rule.AsArray().Count(s => Validate(value, s!.AsObject(), path).Count == 0) == 1;
            case "items":
                for (var i = 0; value is JsonArray list && i < list.Count; i++)
                    problems.AddRange(Validate(list[i], rule.AsObject(), $"{path}[{i}]"));
                return true;
            case "properties":
                foreach (var (key, child) in rule.AsObject())
                {
                    if (value is JsonObject section && section.TryGetPropertyValue(key, out var found))
                        problems.AddRange(Validate(found, child!.AsObject(), $"{path}.{key}"));
                }

                return true;
            case "additionalProperties":
                var known = schema["properties"]?.AsObject();
                foreach (var (key, found) in value as JsonObject ?? [])
                {
                    if (known?.ContainsKey(key) is true)
                        continue;
                    if (rule is JsonObject other)
                        problems.AddRange(Validate(found, other, $"{path}.{key}"));
                    else if (!(bool)rule)
                        problems.Add($"{path}.{key}: additionalProperties");
                }

                return true;
            default:
                throw new NotSupportedException($"{path}: the keyword '{keyword}' is not known to this test.");
        }
    }

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue text && text.TryGetValue<string>(out _),
        "boolean" => value is JsonValue flag && flag.TryGetValue<bool>(out _),
        "number" => value is JsonValue number && number.TryGetValue<double>(out _),
        "integer" => value is JsonValue whole && whole.TryGetValue(out double d) && d == Math.Floor(d),
        _ => throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"type {type}")),
    };
}

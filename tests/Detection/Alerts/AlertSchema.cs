using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AEAnomaly.Detection.Tests.Alerts;

/// <summary>The JSON Schema of docs/alerts.md, and a validator for the keywords of draft 2020-12 that it uses; any other keyword fails the test instead of being skipped.</summary>
internal sealed class AlertSchema
{
    private readonly JsonObject _root;

    private AlertSchema(JsonObject root, JsonObject example)
    {
        _root = root;
        Example = example;
    }

    public static AlertSchema Read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "docs", "alerts.md")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", "alerts.md"));
        var blocks = Regex.Matches(text, "```json\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToArray();
        return new AlertSchema(
            JsonNode.Parse(blocks.Single(block => block.Contains("$schema", StringComparison.Ordinal)))!.AsObject(),
            JsonNode.Parse(blocks.Single(block => !block.Contains("$schema", StringComparison.Ordinal)))!.AsObject());
    }

    /// <summary>Gets the example of the same page.</summary>
    public JsonObject Example { get; }

    /// <summary>Lists what does not fit, each with its path.</summary>
    public IReadOnlyList<string> Validate(JsonNode? value) => Validate(value, _root, "$");

    private List<string> Validate(JsonNode? value, JsonObject schema, string path)
    {
        var problems = new List<string>();
        foreach (var (keyword, rule) in schema)
            Check(keyword, rule!, schema, value, path, problems);
        return problems;
    }

    private void Check(string keyword, JsonNode rule, JsonObject schema, JsonNode? value, string path, List<string> problems)
    {
        var holds = true;
        switch (keyword)
        {
            case "$schema" or "title" or "$defs":
                break;
            case "$ref":
                problems.AddRange(Validate(value, Resolve((string)rule!), path));
                break;
            case "oneOf":
                var branches = rule.AsArray().Select(branch => Validate(value, branch!.AsObject(), path)).ToArray();
                if (branches.Count(branch => branch.Count == 0) != 1)
                    problems.Add($"{path}: oneOf [{string.Join(" | ", branches.Select(branch => string.Join("; ", branch)))}]");
                break;
            case "type":
                holds = rule is JsonArray types ? types.Any(type => Is(value, (string)type!)) : Is(value, (string)rule!);
                break;
            case "enum":
                holds = rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value));
                break;
            case "const":
                holds = JsonNode.DeepEquals(rule, value);
                break;
            case "minimum":
                holds = !TryNumber(value, out var low) || low >= (double)rule;
                break;
            case "exclusiveMinimum":
                holds = !TryNumber(value, out var above) || above > (double)rule;
                break;
            case "maximum":
                holds = !TryNumber(value, out var high) || high <= (double)rule;
                break;
            case "pattern":
                holds = !TryText(value, out var text) || Regex.IsMatch(text, (string)rule!);
                break;
            case "minLength":
                holds = !TryText(value, out var word) || word.Length >= (int)rule;
                break;
            case "format":
                Assert.Equal("date-time", (string)rule!);
                holds = !TryText(value, out var time)
                    || (Regex.IsMatch(time, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$") && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out _));
                break;
            case "required":
                foreach (var name in rule.AsArray())
                {
                    if (value is JsonObject parent && !parent.ContainsKey((string)name!))
                        problems.Add($"{path}.{name}: required");
                }

                break;
            case "items":
                for (var i = 0; value is JsonArray list && i < list.Count; i++)
                    problems.AddRange(Validate(list[i], rule.AsObject(), $"{path}[{i}]"));
                break;
            case "properties":
                foreach (var (name, child) in rule.AsObject())
                {
                    if (value is JsonObject section && section.TryGetPropertyValue(name, out var found))
                        problems.AddRange(Validate(found, child!.AsObject(), $"{path}.{name}"));
                }

                break;
            case "additionalProperties":
                foreach (var (name, found) in value as JsonObject ?? [])
                {
                    if (schema["properties"]?.AsObject().ContainsKey(name) is true)
                        continue;
                    if (rule is JsonObject other)
                        problems.AddRange(Validate(found, other, $"{path}.{name}"));
                    else if (!(bool)rule)
                        problems.Add($"{path}.{name}: additionalProperties");
                }

                break;
            default:
                throw new NotSupportedException($"{path}: this test does not know the keyword '{keyword}'.");
        }

        if (!holds)
            problems.Add($"{path}: {keyword} {rule.ToJsonString()}, found {value?.ToJsonString() ?? "null"}");
    }

    private JsonObject Resolve(string reference)
    {
        Assert.StartsWith("#/$defs/", reference, StringComparison.Ordinal);
        return _root["$defs"]![reference["#/$defs/".Length..]]!.AsObject();
    }

    private static bool TryNumber(JsonNode? node, out double number)
    {
        number = 0;
        return node is JsonValue value && value.TryGetValue(out number);
    }

    private static bool TryText(JsonNode? node, out string text)
    {
        text = "";
        return node is JsonValue value && value.TryGetValue(out text!);
    }

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => TryText(value, out _),
        "boolean" => value is JsonValue flag && flag.TryGetValue<bool>(out _),
        "number" => TryNumber(value, out _),
        "integer" => TryNumber(value, out var number) && number == Math.Floor(number),
        _ => throw new NotSupportedException($"type {type}"),
    };
}

using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AEAnomaly.Host.Configuration;

/// <summary>Writes the JSON Schema (draft 2020-12) of the configuration file from the options types, so that editors complete and check it.</summary>
internal sealed class OptionsSchema(IReadOnlyList<PolymorphicSection> polymorphic)
{
    /// <summary>Builds the schema of a file whose top section is <paramref name="root"/>.</summary>
    public JsonObject Build(Type root)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "AEAnomaly configuration",
            ["description"] = "Any text may also be written as ${file:/run/secrets/name}; environment variables such as AEANOMALY__HTTP__LISTEN override any key.",
        };
        foreach (var (key, value) in Section(root))
            schema[key] = value?.DeepClone();
        return schema;
    }

    private JsonObject Section(Type type, PolymorphicChoice? choice = null, string discriminator = "", bool isDefault = false)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        if (choice is not null)
        {
            properties[discriminator] = new JsonObject { ["const"] = choice.Name, ["description"] = choice.Summary };
            if (!isDefault)
                required.Add(discriminator);
        }

        foreach (var property in OptionsType.Of(type).Properties)
        {
            properties[property.Key] = Property(property, isInside: choice is not null);
            if (property.IsRequired)
                required.Add(property.Key);
        }

        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (required.Count > 0)
            schema["required"] = required;
        return schema;
    }

    private JsonObject Property(OptionsProperty property, bool isInside)
    {
        var schema = Value(property.ValueType, isInside);
        Limit(schema, property);
        if (property.AllowsNull)
            AllowNull(schema);

        var described = new JsonObject();
        if (property.Description is not null)
            described["description"] = property.Description;
        if (Default(property.Default) is { } value)
            described["default"] = value;
        foreach (var (key, value2) in schema)
            described[key] = value2?.DeepClone();
        return described;
    }

    private JsonObject Value(Type type, bool isInside)
    {
        if (polymorphic.FirstOrDefault(p => p.BaseType == type) is { } section)
        {
            var choices = section.ChoicesAt(isInside);
            return new JsonObject { ["oneOf"] = new JsonArray([.. choices.Select((c, i) => Section(c.Type, c, section.Key, i == 0))]) };
        }

        if (type.IsEnum)
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. OptionsShapes.EnumWords(type).Select(w => JsonValue.Create(w))]) };
        if (type == typeof(TimeSpan))
            return new JsonObject { ["type"] = "string", ["pattern"] = DurationText.Pattern, ["minLength"] = 2, ["examples"] = new JsonArray("30s", "15m", "24h", "7d") };

        return OptionsShapes.Of(type) switch
        {
            OptionsShape.List => new JsonObject { ["type"] = "array", ["items"] = Value(OptionsShapes.ItemType(type)!, isInside) },
            OptionsShape.Dictionary => new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
            },
            OptionsShape.Section when OptionsType.WordsOf(type) is { Count: > 0 } words => new JsonObject
            {
                ["oneOf"] = new JsonArray(Section(type), new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word.Key))]) }),
            },
            OptionsShape.Section => Section(type),
            _ => new JsonObject { ["type"] = ScalarType(type) },
        };
    }

    private static string ScalarType(Type type) =>
        type == typeof(string) ? "string"
        : type == typeof(bool) ? "boolean"
        : type == typeof(int) || type == typeof(long) ? "integer"
        : "number";

    private static void Limit(JsonObject schema, OptionsProperty property)
    {
        // A duration's range cannot be said in JSON Schema; `check` says it.
        if (property.Validation<RangeAttribute>() is { } range && property.ValueType != typeof(TimeSpan))
        {
            schema["minimum"] = Number(range.Minimum);
            schema["maximum"] = Number(range.Maximum);
        }

        if (property.Validation<RegularExpressionAttribute>() is { } pattern)
            schema["pattern"] = $"^(?:{pattern.Pattern})$";
        if (property.Validation<AllowedValuesAttribute>() is { } allowed)
            schema["enum"] = new JsonArray([.. allowed.Values.Select(v => JsonValue.Create(v?.ToString()))]);
        if (property.Validation<MinLengthAttribute>() is { } least)
            schema[property.ValueType == typeof(string) ? "minLength" : "minItems"] = least.Length;
        else if (property.IsRequired && property.ValueType == typeof(string))
            schema["minLength"] = 1;
    }

    private static void AllowNull(JsonObject schema)
    {
        if (schema["oneOf"] is JsonArray choices)
        {
            choices.Add(new JsonObject { ["type"] = "null" });
            return;
        }

        schema["type"] = new JsonArray(schema["type"]!.GetValue<string>(), "null");
        if (schema["enum"] is JsonArray words)
            words.Add(null);
    }

    private static JsonValue? Default(object? value) => value switch
    {
        null or "" => null,
        bool flag => JsonValue.Create(flag),
        int or long or double => Number(value),
        string text => JsonValue.Create(text),
        Enum word => JsonValue.Create(OptionsShapes.EnumWord(word)),
        TimeSpan duration => JsonValue.Create(DurationText.Format(duration)),
        _ => null,
    };

    private static JsonValue Number(object value) => value switch
    {
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        _ => JsonValue.Create(decimal.Parse(Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture)),
    };
}

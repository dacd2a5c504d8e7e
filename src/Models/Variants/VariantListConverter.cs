using System.Text.Json;
using System.Text.Json.Serialization;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants;

/// <summary>Writes options of different variants as a list of names and options.</summary>
internal sealed class VariantListConverter : JsonConverter<IList<VariantOptions>>
{
    private const string Name = "Variant";
    private const string Values = "Options";

    public override IList<VariantOptions> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var list = new List<VariantOptions>();
        using var document = JsonDocument.ParseValue(ref reader);
        foreach (var item in document.RootElement.EnumerateArray())
        {
            var definition = item.TryGetProperty(Name, out var name) && name.ValueKind == JsonValueKind.String ? VariantCatalog.Find(name.GetString()!) : null;
            list.Add(definition is not null && item.TryGetProperty(Values, out var values) && values.Deserialize(definition.Descriptor.OptionsType, options) is VariantOptions variant
                ? variant
                : throw new JsonException($"A member is no known variant with options: {item}."));
        }

        return list;
    }

    public override void Write(Utf8JsonWriter writer, IList<VariantOptions> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var variant in value)
        {
            writer.WriteStartObject();
            writer.WriteString(Name, VariantCatalog.Describe(variant).Name);
            writer.WritePropertyName(Values);
            JsonSerializer.Serialize(writer, variant, variant.GetType(), options);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

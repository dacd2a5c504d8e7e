using System.Buffers;
using System.Text.Json;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Features;

/// <summary>Writes fitted fields as JSON; doubles in their shortest form that reads back as the same bits.</summary>
internal static class EncoderDescriptionWriter
{
    public static EncoderDescription Write(FeatureSpec spec, FittedField[] fields) =>
        new(spec.Hash, Array.ConvertAll(fields, field => WriteField(spec, field)));

    private static JsonElement WriteField(FeatureSpec spec, FittedField field)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("field", field.Name);
            writer.WriteString("kind", EncoderDescriptionReader.KindName(spec.Fields[field.Field].Kind));
            field.Transform.Describe(writer);
            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}

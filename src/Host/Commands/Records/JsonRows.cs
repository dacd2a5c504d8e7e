using System.Text.Json;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands.Records;

/// <summary>Writes what the JSON lines of several commands have in common.</summary>
internal static class JsonRows
{
    /// <summary>Gets how lines are written: characters that need no escape in JSON stay as they are.</summary>
    public static JsonWriterOptions Readable { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a number that may have overflowed: JSON has no infinity, so a score beyond all bounds is the largest number there is.</summary>
    public static void WriteFinite(this Utf8JsonWriter json, string name, double value) =>
        json.WriteNumber(name, double.IsFinite(value) ? value : double.IsNaN(value) ? 0 : double.MaxValue);

    /// <inheritdoc cref="WriteFinite(Utf8JsonWriter, string, double)"/>
    public static void WriteFinite(this Utf8JsonWriter json, string name, float value) =>
        json.WriteNumber(name, float.IsFinite(value) ? value : float.MaxValue);

    /// <summary>Writes a row that could not be read as an object.</summary>
    public static void WriteError(this Utf8JsonWriter json, in RowError error)
    {
        json.WriteStartObject();
        json.WriteNumber("row", error.Row + 1);
        json.WriteNumber("line", error.Line);
        json.WriteString("verdict", "error");
        json.WriteString("error", error.Error.Reason);
        if (error.Error.Field is { } field)
            json.WriteString("field", field);
        json.WriteString("message", error.Error.Message);
        json.WriteEndObject();
    }
}

using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Makes the body of an alert that its topic refuses as too large short: what explains the score is left out, and long texts are cut.</summary>
public static class ShortAlert
{
    private const int LongestText = 256;
    private const int Kept = 128;

    /// <summary>Shortens a body: whom it is about, how bad it is and where the record lies stay; <c>features</c>, <c>evidence.fields</c> and <c>quality.missing_fields</c> are emptied.</summary>
    /// <param name="body">Body of an alert.</param>
    /// <returns>A body of the same form; null where it is no JSON object.</returns>
    public static byte[]? Of(ReadOnlySpan<byte> body)
    {
        JsonObject? alert;
        try
        {
            alert = JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            // The caller says what is refused.
            return null;
        }

        if (alert is null)
            return null;
        Empty(alert, "features", new JsonArray());
        Empty(alert["evidence"] as JsonObject, "fields", new JsonObject());
        Empty(alert["quality"] as JsonObject, "missing_fields", new JsonArray());
        ShortenTexts(alert);
        var shorter = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(shorter, AlertWriter.Json))
            alert.WriteTo(json);
        return shorter.WrittenSpan.ToArray();
    }

    /// <summary>Cuts a text of more than 256 characters, and tells its length and SHA-256, so that two texts stay two.</summary>
    /// <param name="text">Text.</param>
    public static string Shorten(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= LongestText)
            return text;
        // No half of a pair of surrogates.
        var length = char.IsHighSurrogate(text[Kept - 1]) ? Kept - 1 : Kept;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, length)}… ({text.Length} characters, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))})");
    }

    private static void Empty(JsonObject? parent, string name, JsonNode empty)
    {
        if (parent?.ContainsKey(name) == true)
            parent[name] = empty;
    }

    private static void ShortenTexts(JsonObject parent)
    {
        foreach (var (name, value) in parent.ToList())
        {
            // A link or a token is of use only whole; the configuration bounds them.
            if (value is JsonObject child && name != "response")
                ShortenTexts(child);
            else if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() is { Length: > LongestText } full)
                parent[name] = Shorten(full);
        }
    }
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AEAnomaly.Models.Persistence;

namespace AEAnomaly.Detection.Registry;

/// <summary>Reads and writes manifest.json: <c>{"sha256": HASH, "manifest": {...}}</c>, where the hash covers the bytes of the manifest's value as they stand in the file.</summary>
internal static class ManifestFile
{
    private const string HashName = "sha256";
    private const string ManifestName = "manifest";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static byte[] Serialize(ModelManifest manifest)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(manifest, Json);
        var file = new ArrayBufferWriter<byte>(body.Length + 128);
        using var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString(HashName, Convert.ToHexStringLower(SHA256.HashData(body)));
        writer.WritePropertyName(ManifestName);
        writer.WriteRawValue(body);
        writer.WriteEndObject();
        writer.Flush();
        return file.WrittenSpan.ToArray();
    }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="ModelFileException">It is missing, unreadable, altered or of another format; the message names the file and the reason.</exception>
    public static ModelManifest Read(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"{path}: the manifest cannot be read: {e.Message} Restore the file or its permissions, or roll back to another version.", e);
        }
    }

    /// <summary>Reads a manifest from its bytes.</summary>
    /// <exception cref="ModelFileException">They are altered or of another format; the message names the file and the reason.</exception>
    public static ModelManifest Read(byte[] content, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Parse(document.RootElement, path);
        }
        catch (Exception e) when (e is not ModelFileException)
        {
            // A reader of JSON has many words for damaged bytes: JsonException, InvalidOperationException for text that is not UTF-8, what a record's constructor says.
            throw new ModelFileException($"{path}: the manifest is not what this program writes: {e.Message} Restore the file, or roll back to another version.", e);
        }
    }

    private static ModelManifest Parse(JsonElement file, string path)
    {
        if (file.ValueKind != JsonValueKind.Object
            || file.GetPropertyCount() != 2
            || !file.TryGetProperty(HashName, out var stored)
            || stored.ValueKind != JsonValueKind.String
            || !file.TryGetProperty(ManifestName, out var manifest)
            || manifest.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFileException($"{path}: expected an object with exactly '{HashName}' and '{ManifestName}'. Restore the file, or roll back to another version.");
        }

        // The format decides how the rest is read, so it is looked at first; a newer program may hash otherwise.
        if (!manifest.TryGetProperty("format_version", out var format) || !format.TryGetInt32(out var version) || version != ModelManifest.CurrentFormat)
        {
            throw new ModelFileException(
                $"{path}: format_version is {(format.ValueKind == JsonValueKind.Undefined ? "missing" : format.GetRawText())}; this program reads {ModelManifest.CurrentFormat}. Use the program that wrote it, or train again.");
        }

        var computed = Convert.ToHexStringLower(SHA256.HashData(JsonBytes(manifest)));
        if (!string.Equals(computed, stored.GetString(), StringComparison.Ordinal))
        {
            throw new ModelFileException(
                $"{path}: the manifest was altered: its SHA-256 is {computed}, the file says {stored.GetString()}. Restore the file, or roll back to another version.");
        }

        return manifest.Deserialize<ModelManifest>(Json) ?? throw new ModelFileException($"{path}: the manifest is null.");
    }

    private static byte[] JsonBytes(JsonElement element) => System.Text.Encoding.UTF8.GetBytes(element.GetRawText());
}

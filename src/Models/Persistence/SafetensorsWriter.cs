using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace AEAnomaly.Models.Persistence;

/// <summary>Writes float32 tensors in the safetensors format (https://github.com/huggingface/safetensors): header length, JSON header, data.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Writes a file whole or not at all: temporary file beside it, flush to the disk, rename.</summary>
    /// <param name="path">File to write; replaced when it exists.</param>
    /// <param name="tensors">Tensors in the order they are stored.</param>
    /// <returns>SHA-256 of the file, lower-case hexadecimal.</returns>
    /// <exception cref="ModelFileException">The file cannot be written; the message names it and the reason.</exception>
    public static string Write(string path, IReadOnlyList<StoredTensor> tensors)
    {
        var bytes = Encode(tensors);
        var temporary = path + ".partial";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            RemoveLeftover(temporary);
            throw new ModelFileException($"'{path}': the weights ({bytes.Length} bytes) could not be written: {error.Message}", error);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private static byte[] Encode(IReadOnlyList<StoredTensor> tensors)
    {
        var header = Header(tensors, out var dataLength);
        var bytes = new byte[sizeof(ulong) + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes, sizeof(ulong));
        var position = sizeof(ulong) + header.Length;
        foreach (var tensor in tensors)
        {
            foreach (var value in tensor.Values)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(position), value);
                position += sizeof(float);
            }
        }

        return bytes;
    }

    private static byte[] Header(IReadOnlyList<StoredTensor> tensors, out long dataLength)
    {
        using var buffer = new MemoryStream();
        dataLength = 0;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var extent in tensor.Shape)
                    json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(dataLength);
                dataLength += (long)tensor.Values.Length * sizeof(float);
                json.WriteNumberValue(dataLength);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces after the object are part of the format; they align the data to 8 bytes for readers that map the file.
        while (buffer.Length % sizeof(ulong) != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    // The first error is the one to report: a leftover that cannot be removed either (the folder vanished, read-only) is the same trouble.
    private static void RemoveLeftover(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}

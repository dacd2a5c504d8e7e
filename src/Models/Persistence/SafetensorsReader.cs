using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace AEAnomaly.Models.Persistence;

/// <summary>Reads float32 tensors from the safetensors format and trusts nothing in it: lengths, types, shapes and offsets are checked before use.</summary>
internal static class SafetensorsReader
{
    private const long MaxFileBytes = 1L << 30;
    private const int MaxHeaderBytes = 16 << 20;
    private const int MaxRank = 4;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="sha256">Hash the file must have, lower-case hexadecimal.</param>
    /// <returns>The tensors, in the order of their data.</returns>
    /// <exception cref="ModelFileException">The file is missing, altered or malformed; the message names it, what was found and what was expected.</exception>
    public static StoredTensors Read(string path, string sha256)
    {
        var bytes = ReadBytes(path);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!string.Equals(found, sha256, StringComparison.Ordinal))
            throw new ModelFileException($"'{path}': the file was altered or cut off: SHA-256 is {found}, expected {sha256} ({bytes.Length} bytes).");
        return new StoredTensors(path, Parse(path, bytes));
    }

    /// <summary>Reads the tensors of a file's contents.</summary>
    /// <param name="path">Name of the file, for messages.</param>
    /// <param name="bytes">Contents.</param>
    /// <exception cref="ModelFileException">The contents break the format.</exception>
    public static IReadOnlyList<StoredTensor> Parse(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(ulong))
            throw new ModelFileException($"'{path}': {bytes.Length} bytes found; a weights file begins with an 8-byte header length.");

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (headerLength > MaxHeaderBytes || headerLength > (ulong)(bytes.Length - sizeof(ulong)))
        {
            throw new ModelFileException(
                $"'{path}': header length {headerLength} does not fit a file of {bytes.Length} bytes (at most {MaxHeaderBytes} allowed); not a weights file, or cut off.");
        }

        var data = bytes[(sizeof(ulong) + (int)headerLength)..];
        var entries = ParseHeader(path, bytes.Slice(sizeof(ulong), (int)headerLength));
        var expectedBegin = 0L;
        var tensors = new List<StoredTensor>(entries.Count);
        foreach (var entry in entries.OrderBy(entry => entry.Begin))
        {
            var count = CountElements(path, entry);
            if (entry.Begin != expectedBegin || entry.End - entry.Begin != count * sizeof(float) || entry.End > data.Length)
            {
                throw new ModelFileException(
                    $"'{path}': tensor '{entry.Name}' lies at {entry.Begin} to {entry.End}; expected {expectedBegin} to {expectedBegin + (count * sizeof(float))} within {data.Length} bytes of data.");
            }

            tensors.Add(new StoredTensor(entry.Name, entry.Shape, Decode(path, entry.Name, data[(int)entry.Begin..(int)entry.End])));
            expectedBegin = entry.End;
        }

        if (expectedBegin != data.Length)
            throw new ModelFileException($"'{path}': {data.Length} bytes of data found; the header describes {expectedBegin}.");
        return tensors;
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MaxFileBytes)
                throw new ModelFileException($"'{path}': {length} bytes found; a weights file has at most {MaxFileBytes}.");
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"'{path}': the weights could not be read: {error.Message}", error);
        }
    }

    private static List<Entry> ParseHeader(string path, ReadOnlySpan<byte> header)
    {
        var entries = new List<Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(header);
            using var document = JsonDocument.ParseValue(ref reader);
            while (reader.Read())
                throw new ModelFileException($"'{path}': the header goes on after its JSON object.");

            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    throw new ModelFileException($"'{path}': the header names tensor '{property.Name}' twice.");
                if (property.Name != "__metadata__")
                    entries.Add(ParseEntry(path, property));
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ModelFileException($"'{path}': the header is not a safetensors header: {error.Message}", error);
        }

        return entries;
    }

    private static Entry ParseEntry(string path, JsonProperty property)
    {
        var type = property.Value.GetProperty("dtype").GetString();
        if (type != "F32")
            throw new ModelFileException($"'{path}': tensor '{property.Name}' has type '{type}'; expected 'F32'.");

        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets.Length != 2)
            throw new ModelFileException($"'{path}': tensor '{property.Name}' has {offsets.Length} data offsets; expected 2.");
        return new Entry(property.Name, shape, offsets[0], offsets[1]);
    }

    private static long CountElements(string path, Entry entry)
    {
        var count = 1L;
        foreach (var extent in entry.Shape)
        {
            count = extent < 1 ? 0 : Math.Min(count * extent, MaxFileBytes);
            if (count == 0)
                break;
        }

        if (entry.Shape.Length is 0 or > MaxRank || count == 0)
        {
            throw new ModelFileException(
                $"'{path}': tensor '{entry.Name}' has shape [{string.Join(", ", entry.Shape)}]; expected 1 to {MaxRank} extents of at least 1.");
        }

        return count;
    }

    private static float[] Decode(string path, string name, ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
            if (!float.IsFinite(values[i]))
                throw new ModelFileException($"'{path}': tensor '{name}' holds {values[i]} at index {i}; expected finite values.");
        }

        return values;
    }

    private readonly record struct Entry(string Name, int[] Shape, long Begin, long End);
}

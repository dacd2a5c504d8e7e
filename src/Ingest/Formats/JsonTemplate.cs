using System.Text.Json;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Holds the shape of one good message: all bytes but its scalar values, and which field each value belongs to.</summary>
/// <remarks>
/// A message with the same fixed bytes and a valid scalar in each gap is valid JSON with the same keys, nesting and order, so nothing but the values needs to be
/// looked at. Immutable.
/// </remarks>
internal sealed class JsonTemplate
{
    /// <summary>Bytes that may be read beyond a fixed part.</summary>
    public const int Padding = 32;

    private const int MaxMessageBytes = 64 * 1024;

    private JsonTemplate(byte[] fixedBytes, JsonSlot[] slots, int tailStart, int tailLength)
    {
        FixedBytes = fixedBytes;
        Slots = slots;
        TailStart = tailStart;
        TailLength = tailLength;
    }

    /// <summary>Gets the bytes outside values, one part after the other, then <see cref="Padding"/> zeros.</summary>
    public byte[] FixedBytes { get; }

    /// <summary>Gets the values in order.</summary>
    public JsonSlot[] Slots { get; }

    /// <summary>Gets where the bytes after the last value begin in <see cref="FixedBytes"/>.</summary>
    public int TailStart { get; }

    /// <summary>Gets how many bytes follow the last value.</summary>
    public int TailLength { get; }

    /// <summary>Learns the shape of a message.</summary>
    /// <param name="payload">A message that <see cref="JsonObjectReader"/> found good.</param>
    /// <param name="paths">What is declared.</param>
    /// <returns>Null when the message is too long or has escaped keys: such ones are left to the reader.</returns>
    public static JsonTemplate? Learn(ReadOnlySpan<byte> payload, JsonPathTable paths)
    {
        if (payload.Length > MaxMessageBytes)
            return null;

        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var slots = new List<JsonSlot>();
        var fixedBytes = new List<byte>(payload.Length);
        var tables = new Stack<JsonPathTable?>();
        JsonPathTable.Entry? entry = null;
        var afterValue = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when reader.ValueIsEscaped:
                    return null;
                case JsonTokenType.PropertyName:
                    entry = tables.Peek()?.Find(reader.ValueSpan);
                    break;
                case JsonTokenType.StartObject:
                    tables.Push(tables.Count == 0 ? paths : entry?.Nested);
                    entry = null;
                    break;
                case JsonTokenType.StartArray:
                    tables.Push(null);
                    entry = null;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    tables.Pop();
                    entry = null;
                    break;
                default:
                    var before = payload[afterValue..(int)reader.TokenStartIndex];
                    slots.Add(new JsonSlot(fixedBytes.Count, before.Length, entry?.Field ?? -1, entry is { Field: < 0 }));
                    fixedBytes.AddRange(before);
                    afterValue = (int)reader.BytesConsumed;
                    // In an array the same entry must not serve the next element; in an object the next name replaces it anyway.
                    entry = null;
                    break;
            }
        }

        var tailStart = fixedBytes.Count;
        fixedBytes.AddRange(payload[afterValue..]);
        var tailLength = fixedBytes.Count - tailStart;
        fixedBytes.AddRange(new byte[Padding]);
        return new JsonTemplate([.. fixedBytes], [.. slots], tailStart, tailLength);
    }
}

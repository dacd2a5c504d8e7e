using System.Text.Json;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Finds out why a message is not JSON; runs only on bad input, so it reads the message once more at leisure.</summary>
internal static class JsonSyntaxError
{
    /// <summary>Explains a failure of <see cref="Utf8JsonReader"/>.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="exception">What the reader threw.</param>
    /// <param name="maxDepth">Deepest nesting allowed.</param>
    /// <param name="field">Declared field being read, or null.</param>
    public static DecodeError Explain(ReadOnlySpan<byte> payload, JsonException exception, int maxDepth, string? field)
    {
        if (ContentSignature.OfMessage(payload) is { } other)
            return new DecodeError(DecodeReasons.Malformed, null, other);

        // Not the final block: the reader then tells "more is needed" from "this is wrong", and one level more tells depth from syntax.
        var options = new JsonReaderOptions { MaxDepth = maxDepth + 1 };
        var reader = new Utf8JsonReader(payload, isFinalBlock: false, new JsonReaderState(options));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= maxDepth)
                {
                    return new DecodeError(
                        DecodeReasons.TooDeep, field, $"Byte {reader.TokenStartIndex}: objects or arrays are nested deeper than the limit of {maxDepth}");
                }
            }
        }
        catch (JsonException)
        {
            // The first reading's exception says where; this one only had to say that it is not the depth and not the end.
            return Explain(payload, Position(payload, exception), field);
        }

        var where = field is null ? "" : $" in field '{field}'";
        return new DecodeError(DecodeReasons.Malformed, field, $"Byte {payload.Length}: the message ends before its JSON object is complete{where}");
    }

    private static DecodeError Explain(ReadOnlySpan<byte> payload, int position, string? field)
    {
        var start = position > 0 && position < payload.Length && payload[position - 1] == '-' ? position - 1 : position;
        var rest = payload[start..];
        var unsigned = rest.StartsWith("-"u8) ? rest[1..] : rest;
        if (unsigned.StartsWith("NaN"u8) || unsigned.StartsWith("Infinity"u8))
        {
            var subject = field is null ? $"Byte {start}" : $"Field '{field}' at byte {start}";
            return new DecodeError(
                DecodeReasons.NotFinite, field, $"{subject}: JSON has no NaN or infinity (a missing value is null), found {ValueExcerpt.Of(rest)}");
        }

        var where = field is null ? "" : $" in field '{field}'";
        var found = position >= payload.Length ? "the end of the message" : ValueExcerpt.Of(payload[position..]);
        return new DecodeError(DecodeReasons.Malformed, field, $"Byte {position}: not valid JSON{where}, found {found}");
    }

    private static int Position(ReadOnlySpan<byte> payload, JsonException exception)
    {
        var lineStart = 0;
        for (long line = 0; line < (exception.LineNumber ?? 0); line++)
        {
            var newline = payload[lineStart..].IndexOf((byte)'\n');
            if (newline < 0)
                break;
            lineStart += newline + 1;
        }

        return (int)Math.Min(payload.Length, lineStart + (exception.BytePositionInLine ?? 0));
    }
}

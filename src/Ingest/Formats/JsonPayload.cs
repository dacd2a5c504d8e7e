using System.Buffers;
using System.Text;
using System.Text.Unicode;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Checks what can be said of a message before its JSON is read.</summary>
internal static class JsonPayload
{
    /// <summary>Checks size and encoding.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="limits">Bounds of a message.</param>
    /// <param name="error">Says what is wrong when the result is false.</param>
    public static bool IsAcceptable(ReadOnlySpan<byte> payload, JsonDecoderOptions limits, out DecodeError error)
    {
        if (!payload.IsEmpty && payload.Length <= limits.MaxMessageBytes && Utf8.IsValid(payload))
        {
            error = default;
            return true;
        }

        error = Explain(payload, limits);
        return false;
    }

    /// <summary>Says that a message is JSON of another shape.</summary>
    /// <param name="payload">The message.</param>
    public static DecodeError NoObject(ReadOnlySpan<byte> payload) =>
        new(DecodeReasons.Malformed, null, ContentSignature.OfMessage(payload) ?? $"Byte 0: expected one JSON object, found {ValueExcerpt.Of(payload)}");

    /// <summary>Takes the byte order mark off, which some writers put before every text.</summary>
    /// <param name="payload">The message.</param>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> payload) => payload.StartsWith("\uFEFF"u8) ? payload[3..] : payload;

    private static DecodeError Explain(ReadOnlySpan<byte> payload, JsonDecoderOptions limits)
    {
        if (payload.IsEmpty)
            return new DecodeError(DecodeReasons.Malformed, null, "The message is empty; expected one JSON object");
        if (payload.Length > limits.MaxMessageBytes)
        {
            return new DecodeError(
                DecodeReasons.TooLarge, null, $"The message has {payload.Length} bytes, more than the limit of {limits.MaxMessageBytes}");
        }

        if (ContentSignature.OfMessage(payload) is { } other)
            return new DecodeError(DecodeReasons.Malformed, null, other);

        var position = 0;
        while (Rune.DecodeFromUtf8(payload[position..], out _, out var used) == OperationStatus.Done)
            position += used;
        return new DecodeError(DecodeReasons.InvalidUtf8, null, $"Byte {position}: not valid UTF-8, found 0x{payload[position]:X2}");
    }
}

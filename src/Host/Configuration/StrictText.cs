using System.Text;
using System.Text.Unicode;

namespace AEAnomaly.Host.Configuration;

/// <summary>Decodes the bytes of a text file without guessing: UTF-8, or UTF-16 and UTF-32 where a byte order mark says so.</summary>
/// <remarks>A decoder that puts U+FFFD in the place of what it cannot read would change a name or a password without a word.</remarks>
internal static class StrictText
{
    private const string Advice = "save it as UTF-8";

    // The mark of UTF-32 begins with that of UTF-16, so it is looked for first.
    private static readonly Encoding[] Marked =
    [
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
    ];

    /// <summary>Decodes a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <returns>The text; or null, the line from 1, and what is wrong there, without the content.</returns>
    public static (string? Text, int Line, string Problem) Decode(ReadOnlySpan<byte> bytes)
    {
        foreach (var encoding in Marked)
        {
            if (!bytes.StartsWith(encoding.Preamble))
                continue;
            try
            {
                return (encoding.GetString(bytes[encoding.Preamble.Length..]), 0, "");
            }
            catch (DecoderFallbackException)
            {
                return (null, 0, $"begins as {encoding.WebName} and is not valid {encoding.WebName}; {Advice}");
            }
        }

        if (bytes.IndexOf((byte)0) is var zero and >= 0)
            return (null, LineOf(bytes, zero), $"holds a byte 0: it is UTF-16 without a byte order mark, or no text; {Advice}");
        if (Utf8.IsValid(bytes))
            return (Encoding.UTF8.GetString(bytes), 0, "");

        var wrong = FirstInvalid(bytes);
        return (null, LineOf(bytes, wrong), $"is not UTF-8 (byte 0x{bytes[wrong]:X2}), Latin-1 perhaps; {Advice}");
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
            at += consumed;
        return at;
    }

    private static int LineOf(ReadOnlySpan<byte> bytes, int at) => bytes[..at].Count((byte)'\n') + 1;
}

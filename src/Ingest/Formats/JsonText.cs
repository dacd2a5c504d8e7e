using System.Text;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Resolves the escapes of JSON strings without exceptions: half a surrogate pair is bad input, not an accident.</summary>
internal static class JsonText
{
    /// <summary>Resolves escapes.</summary>
    /// <param name="escaped">Contents of a JSON string whose grammar was checked.</param>
    /// <param name="target">At least as long as <paramref name="escaped"/>.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False when an escape is half a surrogate pair.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> escaped, Span<byte> target, out int written)
    {
        written = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                escaped.CopyTo(target[written..]);
                written += escaped.Length;
                return true;
            }

            escaped[..plain].CopyTo(target[written..]);
            written += plain;
            var kind = escaped[plain + 1];
            escaped = escaped[(plain + 2)..];
            if (kind != 'u')
            {
                target[written++] = Simple(kind);
                continue;
            }

            var first = Hex(escaped);
            escaped = escaped[4..];
            Rune rune;
            if (char.IsHighSurrogate(first) && escaped.Length >= 6 && escaped[0] == '\\' && escaped[1] == 'u' &&
                Rune.TryCreate(first, Hex(escaped[2..]), out rune))
            {
                escaped = escaped[6..];
            }
            else if (!Rune.TryCreate(first, out rune))
            {
                return false;
            }

            written += rune.EncodeToUtf8(target[written..]);
        }
    }

    private static byte Simple(byte kind) => kind switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => kind,
    };

    private static char Hex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            var lower = digits[i] | 0x20;
            value = (value << 4) | (lower <= '9' ? lower - '0' : lower - 'a' + 10);
        }

        return (char)value;
    }
}

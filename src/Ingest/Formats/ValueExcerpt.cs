using System.Text;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Shortens a value for a message, so that no input can flood a log or a header.</summary>
internal static class ValueExcerpt
{
    /// <summary>Bytes of a value that are shown.</summary>
    public const int MaxBytes = 40;

    /// <summary>Gives the beginning of a value as printable text.</summary>
    /// <param name="value">Bytes, not necessarily valid UTF-8.</param>
    public static string Of(ReadOnlySpan<byte> value)
    {
        var isCut = value.Length > MaxBytes;
        var shown = isCut ? value[..MaxBytes] : value;
        var text = new StringBuilder(MaxBytes + 3);
        while (!shown.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(shown, out var rune, out var used);
            if (status == System.Buffers.OperationStatus.NeedMoreData && isCut)
                break;
            shown = shown[used..];
            if (Rune.IsControl(rune))
                text.Append('\uFFFD');
            else
                text.Append(rune.ToString());
        }

        return isCut ? text.Append("...").ToString() : text.ToString();
    }
}

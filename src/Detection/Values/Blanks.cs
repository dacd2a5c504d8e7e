namespace AEAnomaly.Detection.Values;

/// <summary>Takes the blanks around a value away: they are how a file is laid out, not what it says.</summary>
public static class Blanks
{
    private const byte Last = 0x20;

    /// <summary>Trims spaces, tabs, line ends and no-break spaces.</summary>
    /// <param name="text">UTF-8.</param>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        // Nearly every text begins and ends with a letter or digit.
        if (text.IsEmpty || (text[0] is > Last and not 0xC2 && text[^1] is > Last and not 0xA0))
            return text;
        while (Leading(text) is > 0 and var count)
            text = text[count..];
        while (Trailing(text) is > 0 and var count)
            text = text[..^count];
        return text;
    }

    /// <summary>Gives the bytes of the blank that a text begins with, 0 for none.</summary>
    /// <param name="text">UTF-8.</param>
    internal static int Leading(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return 0;
        if (text[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            return 1;
        return text.StartsWith("\u00A0"u8) ? 2 : 0;
    }

    private static int Trailing(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return 0;
        if (text[^1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            return 1;
        return text.EndsWith("\u00A0"u8) ? 2 : 0;
    }
}

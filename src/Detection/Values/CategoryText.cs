using System.Buffers.Text;

namespace AEAnomaly.Detection.Values;

/// <summary>Gives the one form of a text that names something: 5411 and 5411.0 are the same code, and blanks around it do not count.</summary>
/// <remarks>Tools that hold whole numbers as doubles write 42 as 42.0; as text those would be two categories, or two keys.</remarks>
public static class CategoryText
{
    // Whole numbers below this are doubles exactly.
    private const double LargestExact = 9_007_199_254_740_992;

    /// <summary>Trims blanks, and the zeros behind the point of a whole number.</summary>
    /// <param name="text">UTF-8.</param>
    /// <returns>A part of <paramref name="text"/>.</returns>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text)
    {
        text = Blanks.Trim(text);
        return text.Length > 2 && text[^1] == '0' ? WithoutZeros(text) : text;
    }

    /// <summary>Gives the form of a JSON number, which may have an exponent too: 5.411e3 is 5411.</summary>
    /// <param name="token">Text with the grammar of a JSON number.</param>
    /// <param name="buffer">At least 32 bytes.</param>
    public static ReadOnlySpan<byte> OfNumber(ReadOnlySpan<byte> token, Span<byte> buffer)
    {
        if (token.IndexOfAny((byte)'e', (byte)'E') < 0)
            return Of(token);
        return NumberText.TryParse(token, out var value) == ValueStatus.Fine && value == Math.Floor(value) && Math.Abs(value) < LargestExact &&
            Utf8Formatter.TryFormat((long)value, buffer, out var length)
                ? buffer[..length]
                : token;
    }

    private static ReadOnlySpan<byte> WithoutZeros(ReadOnlySpan<byte> text)
    {
        var whole = text.TrimEnd((byte)'0');
        if (whole.Length < 2 || whole[^1] != '.')
            return text;
        whole = whole[..^1];
        var digits = whole[0] == '-' ? whole[1..] : whole;
        // 007.0 is no number that a double would have been written as.
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (digits[0] == '0' && digits.Length > 1))
            return text;
        return digits[0] == '0' ? digits : whole;
    }
}

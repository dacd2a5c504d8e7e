using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace AEAnomaly.Detection.Values;

/// <summary>Reads decimal numbers from UTF-8, correctly rounded, the same in every culture.</summary>
public static class NumberText
{
    /// <summary>Largest integer below which every integer is a double.</summary>
    private const ulong LargestExactInteger = 1UL << 53;

    /// <summary>Digits that fit an unsigned 64-bit integer whatever they are.</summary>
    private const int MaxSafeDigits = 19;

    /// <summary>Gets the powers of ten that are doubles exactly.</summary>
    private static ReadOnlySpan<double> ExactPowersOfTen =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Reads a whole text as one finite number; blanks around it do not count.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="value">The number; 0 unless the result is <see cref="ValueStatus.Fine"/>.</param>
    public static ValueStatus TryParse(ReadOnlySpan<byte> text, out double value)
    {
        return TryParseExact(text, out value) ? ValueStatus.Fine : TryParseGeneral(text, out value);
    }

    private static ValueStatus TryParseGeneral(ReadOnlySpan<byte> text, out double value)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var trimmed = text.Trim(" \t"u8);
        if (double.TryParse(trimmed, Styles, CultureInfo.InvariantCulture, out value))
        {
            if (double.IsFinite(value))
                return ValueStatus.Fine;
            value = 0;
            return ValueStatus.NotFinite;
        }

        value = 0;
        return IsNotFiniteWord(trimmed) ? ValueStatus.NotFinite : ValueStatus.WrongType;
    }

    /// <summary>Divides an integer by a power of ten where the quotient is the correctly rounded value of the decimal.</summary>
    /// <remarks>Clinger 1990: both operands are exact doubles, so one IEEE division rounds once.</remarks>
    /// <param name="digits">All digits as an integer.</param>
    /// <param name="digitCount">Number of digits read.</param>
    /// <param name="fractionDigits">How many of them follow the point.</param>
    /// <param name="isNegative">Whether a minus sign precedes.</param>
    /// <param name="value">The number when the result is true.</param>
    /// <returns>False when the exact way does not apply.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCompose(ulong digits, int digitCount, int fractionDigits, bool isNegative, out double value)
    {
        if (digitCount > MaxSafeDigits || digits > LargestExactInteger)
        {
            value = 0;
            return false;
        }

        value = (double)(long)digits / ExactPowersOfTen[fractionDigits];
        if (isNegative)
            value = -value;
        return true;
    }

    /// <summary>Tells whether a text has the grammar of a JSON number (RFC 8259, section 6).</summary>
    /// <param name="text">UTF-8.</param>
    public static bool IsJsonNumber(ReadOnlySpan<byte> text)
    {
        var at = 0;
        if (at < text.Length && text[at] == '-')
            at++;
        var integerStart = at;
        at = SkipDigits(text, at);
        if (at == integerStart || (text[integerStart] == '0' && at > integerStart + 1))
            return false;

        if (at < text.Length && text[at] == '.')
        {
            var fractionStart = ++at;
            at = SkipDigits(text, at);
            if (at == fractionStart)
                return false;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            if (at < text.Length && text[at] is (byte)'+' or (byte)'-')
                at++;
            var exponentStart = at;
            at = SkipDigits(text, at);
            if (at == exponentStart)
                return false;
        }

        return at == text.Length;
    }

    private static bool TryParseExact(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var at = text.Length > 0 && text[0] == '-' ? 1 : 0;
        var isNegative = at == 1;
        var integerStart = at;
        ulong digits = 0;
        uint digit;
        while (at < text.Length && (digit = (uint)(text[at] - '0')) <= 9)
        {
            digits = (digits * 10) + digit;
            at++;
        }

        var digitCount = at - integerStart;
        if (digitCount == 0)
            return false;
        if (at == text.Length)
            return TryCompose(digits, digitCount, 0, isNegative, out value);
        if (text[at++] != '.')
            return false;

        var fractionStart = at;
        while (at < text.Length && (digit = (uint)(text[at] - '0')) <= 9)
        {
            digits = (digits * 10) + digit;
            at++;
        }

        // "5." and whatever else follows go the general way.
        var fractionDigits = at - fractionStart;
        return at == text.Length && fractionDigits > 0 && TryCompose(digits, digitCount + fractionDigits, fractionDigits, isNegative, out value);
    }

    private static bool IsNotFiniteWord(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text[0] is (byte)'+' or (byte)'-')
            text = text[1..];
        return Ascii.EqualsIgnoreCase(text, "nan"u8) || Ascii.EqualsIgnoreCase(text, "inf"u8) || Ascii.EqualsIgnoreCase(text, "infinity"u8);
    }

    private static int SkipDigits(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
            at++;
        return at;
    }
}

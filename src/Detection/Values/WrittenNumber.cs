namespace AEAnomaly.Detection.Values;

/// <summary>Reads numbers as people and spreadsheets write them: 1,234.50, 1.234,50, 1 234,50, $12.50, 12.5 %, (12.50), 12.50-.</summary>
/// <remarks>Only where a field declares its decimal mark: "1.234" is a thousand to one and a little more than one to another.</remarks>
internal static class WrittenNumber
{
    private const int LongestText = 64;

    /// <summary>Reads a whole text as one number.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="mark">Decimal mark: '.' or ','; the other one, blanks, apostrophes and underscores part groups of digits.</param>
    /// <param name="unit">What may stand before or behind the number, UTF-8; empty for nothing.</param>
    /// <param name="value">The number; 0 unless the result is <see cref="ValueStatus.Fine"/>.</param>
    public static ValueStatus TryParse(ReadOnlySpan<byte> text, byte mark, ReadOnlySpan<byte> unit, out double value)
    {
        value = 0;
        Span<byte> plain = stackalloc byte[LongestText];
        var isNegative = false;
        var digits = Strip(text, unit, ref isNegative);
        if (digits.IsEmpty || digits.Length > LongestText || !TryNormalise(digits, mark, plain, out var length))
            return ValueStatus.WrongType;
        var status = NumberText.TryParse(plain[..length], out value);
        if (isNegative)
            value = -value;
        return status;
    }

    /// <summary>Takes blanks, the unit, one sign and parentheses off both ends, in whatever order they stand.</summary>
    private static ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> text, ReadOnlySpan<byte> unit, ref bool isNegative)
    {
        var (hasSign, hasUnit) = (false, unit.IsEmpty);
        while (true)
        {
            text = Blanks.Trim(text);
            if (!hasUnit && text.StartsWith(unit))
            {
                text = text[unit.Length..];
                hasUnit = true;
            }
            else if (!hasUnit && text.EndsWith(unit))
            {
                text = text[..^unit.Length];
                hasUnit = true;
            }
            else if (!hasSign && text.Length > 2 && text[0] == '(' && text[^1] == ')')
            {
                text = text[1..^1];
                hasSign = isNegative = true;
            }
            else if (!hasSign && SignLength(text, out var isMinus) is > 0 and var length)
            {
                text = text[length..];
                (hasSign, isNegative) = (true, isMinus);
            }
            else if (!hasSign && text.EndsWith("-"u8))
            {
                text = text[..^1];
                hasSign = isNegative = true;
            }
            else
            {
                return text;
            }
        }
    }

    private static int SignLength(ReadOnlySpan<byte> text, out bool isMinus)
    {
        isMinus = !text.StartsWith("+"u8);
        if (text.StartsWith("-"u8) || text.StartsWith("+"u8))
            return 1;
        return text.StartsWith("\u2212"u8) ? 3 : 0;
    }

    /// <summary>Writes the number with a point and without groups; false where its groups are none.</summary>
    private static bool TryNormalise(ReadOnlySpan<byte> text, byte mark, Span<byte> plain, out int length)
    {
        length = 0;
        ReadOnlySpan<byte> separator = default;
        var group = 0;
        var hasMark = false;
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if ((uint)(c - '0') <= 9)
            {
                plain[length++] = c;
                group++;
                at++;
            }
            else if (c == mark && !hasMark)
            {
                if (!separator.IsEmpty && group != 3)
                    return false;
                plain[length++] = (byte)'.';
                hasMark = true;
                at++;
            }
            else if (!hasMark && SeparatorLength(text[at..], mark) is > 0 and var width)
            {
                // 12,34,567 as in India too: two or three digits within, three at the end, one to three before the first.
                var found = text.Slice(at, width);
                if (group is 0 or > 3 || (!separator.IsEmpty && (group == 1 || !found.SequenceEqual(separator))))
                    return false;
                separator = found;
                group = 0;
                at += width;
            }
            else if ((c | 0x20) == 'e' && separator.IsEmpty && length > 0)
            {
                // The plain parser says what may follow.
                text[at..].CopyTo(plain[length..]);
                length += text.Length - at;
                return true;
            }
            else
            {
                return false;
            }
        }

        return hasMark ? length > 1 : separator.IsEmpty || group == 3;
    }

    private static int SeparatorLength(ReadOnlySpan<byte> text, byte mark)
    {
        if (text[0] is (byte)'.' or (byte)',')
            return text[0] == mark ? 0 : 1;
        if (text[0] is (byte)' ' or (byte)'\'' or (byte)'_')
            return 1;
        if (text.StartsWith("\u00A0"u8))
            return 2;
        return text.StartsWith("\u202F"u8) || text.StartsWith("\u2009"u8) || text.StartsWith("\u2019"u8) ? 3 : 0;
    }
}

using System.Text;

namespace AEAnomaly.Detection.Values;

/// <summary>Reads the parts of a written time, one after the other.</summary>
internal ref struct TimeTextReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    private static ReadOnlySpan<byte> Months => "janfebmaraprmayjunjulaugsepoctnovdec"u8;

    private static ReadOnlySpan<byte> LongMonths => "january  february march    april    may      june     july     august   septemberoctober  november december "u8;

    private static ReadOnlySpan<byte> Weekdays => "montuewedthufrisatsun"u8;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Gets how many digits come next.</summary>
    public readonly int DigitsAhead
    {
        get
        {
            var count = _rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            return count < 0 ? _rest.Length : count;
        }
    }

    public readonly bool HasHalfDay
    {
        get
        {
            var copy = this;
            return copy.TryHalfDay(out _);
        }
    }

    /// <summary>Reads a number of so many digits; no digit may follow unless as many as may be were read.</summary>
    public bool TryNumber(int least, int most, out int value)
    {
        value = 0;
        var count = Math.Min(most, DigitsAhead);
        if (count < least)
            return false;
        foreach (var digit in _rest[..count])
            value = (value * 10) + (digit - '0');
        _rest = _rest[count..];
        return true;
    }

    /// <summary>Reads ".25" or ",25"; nothing is a fraction of 0.</summary>
    public bool TryFraction(out double fraction)
    {
        fraction = 0;
        if (_rest.Length < 2 || _rest[0] is not ((byte)'.' or (byte)','))
            return true;
        _rest = _rest[1..];
        var count = DigitsAhead;
        var scale = 1.0;
        foreach (var digit in _rest[..Math.Min(count, 15)])
        {
            fraction = (fraction * 10) + (digit - '0');
            scale *= 10;
        }

        fraction /= scale;
        _rest = _rest[count..];
        return count > 0;
    }

    public bool TryByte(byte expected)
    {
        if (_rest.IsEmpty || _rest[0] != expected)
            return false;
        _rest = _rest[1..];
        return true;
    }

    public bool TryAnyOf(ReadOnlySpan<byte> expected, out byte found)
    {
        found = _rest.IsEmpty ? (byte)0 : _rest[0];
        return found != 0 && expected.Contains(found) && TryByte(found);
    }

    /// <summary>Reads what parts year, month and day: one of '-', '/', '.', or blanks.</summary>
    public bool TrySeparator(out byte separator)
    {
        if (!TryAnyOf("-/. "u8, out separator))
            return false;
        if (separator == ' ')
            SkipBlanksAndCommas();
        return true;
    }

    public void SkipBlanksAndCommas() => _rest = _rest.TrimStart(" ,"u8);

    /// <summary>Skips what parts date and time: T, blanks, a comma, or the ':', '-' or '_' of logs and databases.</summary>
    public void SkipDateSeparator()
    {
        if (!TryAnyOf("Tt:-_"u8, out _))
            SkipBlanksAndCommas();
    }

    public bool TryWeekday()
    {
        var at = _rest.Length < 4 ? -1 : Find(Weekdays, 3, _rest[..3]);
        if (at < 0)
            return false;
        var letters = LettersAhead();
        _rest = _rest[letters..];
        return letters is >= 3 and <= 9;
    }

    public bool TryMonthName(out int month)
    {
        month = 0;
        var letters = LettersAhead();
        if (letters is < 3 or > 9)
            return false;
        month = Find(Months, 3, _rest[..3]) + 1;
        if (month == 0 || (letters > 3 && !(letters == 4 && month == 9) && !Ascii.EqualsIgnoreCase(LongMonths.Slice((month - 1) * 9, 9).TrimEnd((byte)' '), _rest[..letters])))
            return false;
        _rest = _rest[letters..];
        TryByte((byte)'.');
        return true;
    }

    /// <summary>Reads AM, PM, a.m. or p.m., in any case.</summary>
    public bool TryHalfDay(out bool isAfternoon)
    {
        var text = _rest.TrimStart((byte)' ');
        isAfternoon = !text.IsEmpty && (text[0] | 0x20) == 'p';
        if (text.Length < 2 || (text[0] | 0x20) is not ('a' or 'p'))
            return false;
        text = text[1..];
        var hasStop = text[0] == '.';
        if (hasStop)
            text = text[1..];
        if (text.IsEmpty || (text[0] | 0x20) != 'm')
            return false;
        text = text[1..];
        if (hasStop && text.StartsWith("."u8))
            text = text[1..];
        _rest = text;
        return true;
    }

    /// <summary>Reads Z, UTC, GMT or UT.</summary>
    public bool TryUniversal()
    {
        var letters = LettersAhead();
        var word = _rest[..letters];
        if (!Ascii.EqualsIgnoreCase(word, "z"u8) && !Ascii.EqualsIgnoreCase(word, "utc"u8) && !Ascii.EqualsIgnoreCase(word, "gmt"u8) && !Ascii.EqualsIgnoreCase(word, "ut"u8))
            return false;
        _rest = _rest[letters..];
        return true;
    }

    public void SkipBracket()
    {
        if (!_rest.IsEmpty && _rest[0] == '[' && _rest[^1] == ']')
            _rest = default;
    }

    private static int Find(ReadOnlySpan<byte> names, int length, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i * length < names.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(names.Slice(i * length, length), name))
                return i;
        }

        return -1;
    }

    private readonly int LettersAhead()
    {
        var count = 0;
        while (count < _rest.Length && (uint)((_rest[count] | 0x20) - 'a') < 26)
            count++;
        return count;
    }
}

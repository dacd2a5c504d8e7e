namespace AEAnomaly.Detection.Values;

/// <summary>Reads moments as seconds since 1970-01-01 UTC.</summary>
public static class TimestampText
{
    // As seconds, 1e11 is the year 5138; as milliseconds, it is March 1973. The same step of a thousand parts the finer units.
    private const double MillisecondsFrom = 1e11;
    private const double MicrosecondsFrom = 1e14;
    private const double NanosecondsFrom = 1e17;

    /// <summary>Days from 0001-01-01 to 1970-01-01.</summary>
    internal const int EpochDay = 719162;

    /// <summary>Reads a time as it is written, or a number as Unix time.</summary>
    /// <param name="text">UTF-8: ISO-8601 ("2026-01-31", "2026-01-31 10:15:00.25+01:00"), another form that has one meaning only, or a number. Without an offset it is UTC.</param>
    /// <param name="seconds">Seconds since 1970-01-01 UTC.</param>
    public static ValueStatus TryParse(ReadOnlySpan<byte> text, out double seconds) => TryParse(text, out seconds, out _);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out double)"/>
    /// <param name="text">UTF-8.</param>
    /// <param name="seconds">Seconds since 1970-01-01 UTC.</param>
    /// <param name="hasOffset">Whether the text says how far from UTC it is; Unix time always does.</param>
    internal static ValueStatus TryParse(ReadOnlySpan<byte> text, out double seconds, out bool hasOffset)
    {
        text = Blanks.Trim(text);
        if (TryParseIso(text, out seconds, out hasOffset))
            return ValueStatus.Fine;

        var status = NumberText.TryParse(text, out var number);
        hasOffset = true;
        seconds = status == ValueStatus.Fine ? FromUnixNumber(number) : 0;
        return status == ValueStatus.WrongType && TimeText.TryParse(text, out seconds, out hasOffset) ? ValueStatus.Fine : status;
    }

    /// <summary>Reads a time as it is written; a number alone is none.</summary>
    internal static bool TryParseWritten(ReadOnlySpan<byte> text, out double seconds, out bool hasOffset)
    {
        text = Blanks.Trim(text);
        return TryParseIso(text, out seconds, out hasOffset) || TimeText.TryParse(text, out seconds, out hasOffset);
    }

    /// <summary>Reads a number as seconds, milliseconds, microseconds or nanoseconds, by its magnitude.</summary>
    /// <param name="number">Below 1e11 seconds, below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds.</param>
    /// <returns>Seconds.</returns>
    public static double FromUnixNumber(double number) => Math.Abs(number) switch
    {
        < MillisecondsFrom => number,
        < MicrosecondsFrom => number / 1e3,
        < NanosecondsFrom => number / 1e6,
        _ => number / 1e9,
    };

    private static bool TryParseIso(ReadOnlySpan<byte> text, out double seconds, out bool hasOffset)
    {
        seconds = 0;
        hasOffset = false;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-' ||
            !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day) ||
            year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var days = new DateOnly(year, month, day).DayNumber - EpochDay;
        seconds = days * 86400.0;
        if (text.Length == 10)
            return true;
        if (text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text.Length < 16 || text[13] != ':' ||
            !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        var whole = (days * 86400L) + (hour * 3600) + (minute * 60);
        var fraction = 0.0;
        var rest = text[16..];
        if (rest.Length > 0 && rest[0] == ':')
        {
            // Second 60 is a leap second: it reads as the first second of the next minute.
            if (rest.Length < 3 || !TryDigits(rest[1..3], out var second) || second > 60)
                return false;
            whole += second;
            rest = rest[3..];
            if (rest.Length > 0 && rest[0] is (byte)'.' or (byte)',' && !TryFraction(ref rest, out fraction))
                return false;
        }

        if (!TryOffset(rest, out var offsetMinutes))
            return false;
        hasOffset = !rest.IsEmpty;
        seconds = whole - (offsetMinutes * 60L) + fraction;
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> text, out double fraction)
    {
        fraction = 0;
        var scale = 1.0;
        var at = 1;
        long digits = 0;
        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
        {
            if (at > 15)
                continue;
            digits = (digits * 10) + (text[at] - '0');
            scale *= 10;
        }

        if (at == 1)
            return false;
        fraction = digits / scale;
        text = text[at..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 0 || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z'))
            return true;
        if (text[0] is not ((byte)'+' or (byte)'-') || text.Length < 3 || !TryDigits(text[1..3], out var hours) || hours > 18)
            return false;

        var rest = text[3..];
        if (rest.Length > 0 && rest[0] == ':')
            rest = rest[1..];
        var extra = 0;
        if (rest.Length != 0 && (rest.Length != 2 || !TryDigits(rest, out extra) || extra > 59))
            return false;
        minutes = (hours * 60) + extra;
        if (text[0] == '-')
            minutes = -minutes;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
                return false;
            value = (value * 10) + (int)digit;
        }

        return true;
    }
}

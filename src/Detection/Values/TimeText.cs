namespace AEAnomaly.Detection.Values;

/// <summary>Reads times that are not quite ISO-8601 but have one meaning only: the year stands first, or the month is a name.</summary>
/// <remarks>
/// 2026-3-1 9:05, 2026/03/01 09:05:00 UTC, 20260301T090500Z, 2026-03-01 09:05:00 PM, 2026-03-01 09:05:00 +0100, 01/Mar/2026:09:05:00 +0000, Sun, 01 Mar 2026 09:05:00 GMT,
/// Mar 1, 2026 9:05 AM, Sun Mar 1 09:05:00 2026, 01-MAR-26 09.05.00.000 AM. What begins with a day or a month in digits needs a declared format. Names are English.
/// </remarks>
internal static class TimeText
{
    /// <summary>Reads a whole text.</summary>
    /// <param name="text">UTF-8 without blanks around it.</param>
    /// <param name="seconds">Seconds since 1970-01-01 UTC; a time without an offset is read as UTC.</param>
    /// <param name="hasOffset">Whether the text says how far from UTC it is.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out double seconds, out bool hasOffset)
    {
        seconds = 0;
        hasOffset = false;
        if (text.Length is < 8 or > 64)
            return false;
        var reader = new TimeTextReader(text);
        var time = default(WrittenTime);
        if (!TryDate(ref reader, ref time))
            return false;
        if (!reader.IsAtEnd)
        {
            reader.SkipDateSeparator();
            if (!TryTime(ref reader, ref time) || !TryOffset(ref reader, ref time) || (time.Year == 0 && !TryYearLast(ref reader, ref time)) || !reader.IsAtEnd)
                return false;
        }
        else if (!time.IsDateAlone)
        {
            return false;
        }

        hasOffset = time.HasOffset;
        return time.TryToSeconds(out seconds);
    }

    private static bool TryDate(ref TimeTextReader reader, ref WrittenTime time)
    {
        if (reader.TryWeekday())
            reader.SkipBlanksAndCommas();
        if (reader.TryMonthName(out time.Month))
        {
            // Mar 1, 2026, or Mar 1 09:05:00 2026.
            reader.SkipBlanksAndCommas();
            if (!reader.TryNumber(1, 2, out time.Day))
                return false;
            var before = reader;
            reader.SkipBlanksAndCommas();
            if (reader.TryNumber(4, 4, out time.Year))
                return time.IsDateAlone = true;
            reader = before;
            time.Year = 0;
            return true;
        }

        return reader.DigitsAhead switch
        {
            4 => TryYearFirst(ref reader, ref time),
            8 => reader.TryNumber(4, 4, out time.Year) && reader.TryNumber(2, 2, out time.Month) && reader.TryNumber(2, 2, out time.Day),
            1 or 2 => TryDayAndName(ref reader, ref time),
            _ => false,
        };
    }

    private static bool TryYearFirst(ref TimeTextReader reader, ref WrittenTime time)
    {
        if (!reader.TryNumber(4, 4, out time.Year) || !reader.TrySeparator(out var first))
            return false;
        if (!reader.TryMonthName(out time.Month) && (first == ' ' || !reader.TryNumber(1, 2, out time.Month)))
            return false;
        // A dotted date without a time could as well be a version.
        time.IsDateAlone = first != '.';
        return reader.TrySeparator(out var second) && second == first && reader.TryNumber(1, 2, out time.Day);
    }

    private static bool TryDayAndName(ref TimeTextReader reader, ref WrittenTime time)
    {
        if (!reader.TryNumber(1, 2, out time.Day) || !reader.TrySeparator(out var first) || !reader.TryMonthName(out time.Month) || !reader.TrySeparator(out var second) || second != first)
            return false;
        time.IsDateAlone = true;
        if (reader.TryNumber(4, 4, out time.Year))
            return true;
        if (first == ' ' || !reader.TryNumber(2, 2, out time.Year))
            return false;
        time.Year += time.Year < 70 ? 2000 : 1900;
        return true;
    }

    private static bool TryTime(ref TimeTextReader reader, ref WrittenTime time)
    {
        if (reader.DigitsAhead is 4 or 6)
        {
            // Basic form: 0905, 090500.
            var hasSeconds = reader.DigitsAhead == 6;
            if (!reader.TryNumber(2, 2, out time.Hour) || !reader.TryNumber(2, 2, out time.Minute) || (hasSeconds && !reader.TryNumber(2, 2, out time.Second)))
                return false;
            return !hasSeconds || reader.TryFraction(out time.Fraction);
        }

        if (!reader.TryNumber(1, 2, out time.Hour))
            return false;
        if (reader.TryAnyOf(":."u8, out var mark))
        {
            if (!reader.TryNumber(2, 2, out time.Minute))
                return false;
            if (reader.TryByte(mark) && !(reader.TryNumber(2, 2, out time.Second) && reader.TryFraction(out time.Fraction)))
                return false;
        }
        else if (!reader.HasHalfDay)
        {
            return false;
        }

        if (!reader.TryHalfDay(out var isAfternoon))
            return true;
        if (time.Hour is < 1 or > 12)
            return false;
        time.Hour = (time.Hour % 12) + (isAfternoon ? 12 : 0);
        return true;
    }

    private static bool TryOffset(ref TimeTextReader reader, ref WrittenTime time)
    {
        reader.SkipBlanksAndCommas();
        if (reader.TryUniversal())
            time.HasOffset = true;
        if (reader.TryAnyOf("+-"u8, out var sign))
        {
            if (!reader.TryNumber(1, 2, out var hours) || hours > 18)
                return false;
            var minutes = 0;
            if ((reader.TryByte((byte)':') || reader.DigitsAhead > 0) && (!reader.TryNumber(2, 2, out minutes) || minutes > 59))
                return false;
            time.OffsetMinutes = ((hours * 60) + minutes) * (sign == '-' ? -1 : 1);
            time.HasOffset = true;
        }

        // 2026-03-01T09:05:00+01:00[Europe/Berlin]: the offset says it already.
        if (time.HasOffset)
            reader.SkipBracket();
        return true;
    }

    private static bool TryYearLast(ref TimeTextReader reader, ref WrittenTime time)
    {
        reader.SkipBlanksAndCommas();
        return reader.TryNumber(4, 4, out time.Year);
    }

    private struct WrittenTime
    {
        public int Year;
        public int Month;
        public int Day;
        public int Hour;
        public int Minute;
        public int Second;
        public double Fraction;
        public int OffsetMinutes;
        public bool HasOffset;
        public bool IsDateAlone;

        public readonly bool TryToSeconds(out double seconds)
        {
            seconds = 0;
            var isEndOfDay = Hour == 24 && Minute == 0 && Second == 0 && Fraction == 0;
            if (Year < 1 || Month is < 1 or > 12 || Day < 1 || Day > DateTime.DaysInMonth(Year, Month) || (Hour > 23 && !isEndOfDay) || Minute > 59 || Second > 60)
                return false;
            var days = new DateOnly(Year, Month, Day).DayNumber - TimestampText.EpochDay;
            seconds = (days * 86400L) + (Hour * 3600) + (Minute * 60) + Second - (OffsetMinutes * 60L) + Fraction;
            return true;
        }
    }
}

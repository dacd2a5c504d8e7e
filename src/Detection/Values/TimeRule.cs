using System.Globalization;
using System.Text;

namespace AEAnomaly.Detection.Values;

/// <summary>Reads times as a field declares them: by a pattern, in a time zone, or both.</summary>
/// <remarks>
/// The pattern's letters are those of .NET's custom formats with English names: y, M, d, H, h, m, s, F (a fraction that may be absent), t (AM or PM), z (offset); texts
/// between quotes are themselves. It is the only form that is then read. Times that the clocks of a zone show twice are read as the second, those they skip as if they had not.
/// </remarks>
internal sealed class TimeRule
{
    private const int LongestText = 64;

    private readonly string? _pattern;
    private readonly TimeZoneInfo _zone;

    /// <param name="pattern">Pattern, or null for every form that has one meaning only.</param>
    /// <param name="zone">Zone of times without an offset.</param>
    public TimeRule(string? pattern, TimeZoneInfo zone)
    {
        _pattern = pattern;
        _zone = zone;
    }

    /// <summary>Finds a time zone by its IANA name, or makes one of a fixed offset such as +05:30.</summary>
    /// <returns>Null when there is none.</returns>
    public static TimeZoneInfo? FindZone(string name)
    {
        if (name is "UTC" or "Z")
            return TimeZoneInfo.Utc;
        if (name.Length > 1 && name[0] is '+' or '-')
        {
            return TimeSpan.TryParseExact(name.AsSpan(1), ["hh\\:mm", "hhmm", "hh"], CultureInfo.InvariantCulture, out var offset) && offset <= TimeSpan.FromHours(14)
                ? TimeZoneInfo.CreateCustomTimeZone(name, name[0] == '-' ? -offset : offset, name, name)
                : null;
        }

        return name.Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
    }

    /// <summary>Says what is wrong with a pattern, or null.</summary>
    public static string? Problem(string pattern)
    {
        const string Needs = "a pattern with year, month and day, say dd/MM/yyyy HH:mm:ss";
        var letters = Letters(pattern);
        if (!letters.Contains('y') || !letters.Contains('M') || !letters.Contains('d'))
            return Needs;
        if (letters.Contains('h') && !letters.Contains('t'))
            return "a pattern in which hours from 1 to 12 (h) go with AM or PM (t); hours from 0 to 23 are H";
        if (letters.Contains('m') && !letters.Contains('H') && !letters.Contains('h'))
            return "a pattern in which months are M, and minutes (m) go with hours (H)";
        try
        {
            var moment = new DateTime(2026, 11, 23, 0, 0, 0, DateTimeKind.Utc).ToString(pattern, CultureInfo.InvariantCulture);
            return DateTime.TryParseExact(moment, pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : Needs;
        }
        catch (FormatException)
        {
            return Needs;
        }
    }

    /// <summary>Reads a whole text.</summary>
    /// <param name="text">UTF-8 without blanks around it.</param>
    /// <param name="seconds">Seconds since 1970-01-01 UTC.</param>
    public ValueStatus TryParse(ReadOnlySpan<byte> text, out double seconds)
    {
        if (_pattern is null)
        {
            var status = TimestampText.TryParse(text, out seconds, out var hasOffset);
            if (status == ValueStatus.Fine && !hasOffset)
                seconds = FromZone(seconds);
            return status;
        }

        seconds = 0;
        Span<char> characters = stackalloc char[LongestText];
        if (text.Length > LongestText || Encoding.UTF8.GetChars(text, characters) is var length &&
            !DateTime.TryParseExact(characters[..length], _pattern, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var moment))
        {
            return ValueStatus.WrongType;
        }

        seconds = (moment.Ticks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond;
        if (moment.Kind == DateTimeKind.Unspecified)
            seconds = FromZone(seconds);
        return ValueStatus.Fine;
    }

    private static string Letters(string pattern)
    {
        var letters = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (quote != '\0' ? c == quote : c is '\'' or '"')
                quote = quote == '\0' ? c : '\0';
            else if (c == '\\')
                i++;
            else if (quote == '\0')
                letters.Append(c);
        }

        return letters.ToString();
    }

    /// <summary>Takes seconds of a clock in the zone to seconds of UTC.</summary>
    private double FromZone(double seconds)
    {
        if (_zone == TimeZoneInfo.Utc)
            return seconds;
        var clock = new DateTime(DateTime.UnixEpoch.Ticks + (long)(seconds * TimeSpan.TicksPerSecond), DateTimeKind.Unspecified);
        return seconds - _zone.GetUtcOffset(clock).TotalSeconds;
    }
}

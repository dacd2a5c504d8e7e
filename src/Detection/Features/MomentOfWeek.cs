using System.Globalization;

namespace AEAnomaly.Detection.Features;

/// <summary>Names a time of day and a day of the week, in UTC: what of a moment is a feature.</summary>
internal static class MomentOfWeek
{
    public const double SecondsOfDay = 86400;
    public const int DaysOfWeek = 7;

    // 1970-01-01 was a Thursday.
    private const int FirstDay = (int)DayOfWeek.Thursday;

    /// <summary>Names the moment, say "14:30 Tuesday"; a part that is not known is left out.</summary>
    /// <param name="secondOfDay">From 0 to 86,400, rounded to the minute; or null.</param>
    /// <param name="day">From 0 (Sunday) to 6, or null.</param>
    public static string Name(double? secondOfDay, int? day)
    {
        var minute = (int)Math.Round(secondOfDay.GetValueOrDefault() / 60) % (24 * 60);
        var time = secondOfDay is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
        return day is null ? time : $"{time} {(DayOfWeek)day}".TrimStart();
    }

    /// <summary>Names the moment of seconds since 1970-01-01 UTC; the minute that has begun, as clocks show it.</summary>
    public static string NameOf(double unixSeconds) => Name(Math.Floor(SecondOfDay(unixSeconds) / 60) * 60, Day(unixSeconds));

    /// <summary>Gives the second of the day of seconds since 1970-01-01 UTC, from 0 to below 86,400.</summary>
    public static double SecondOfDay(double unixSeconds) => Modulo(unixSeconds, SecondsOfDay);

    /// <summary>Gives the day of the week of seconds since 1970-01-01 UTC, from 0 (Sunday) to 6.</summary>
    public static int Day(double unixSeconds) => (int)Modulo(Math.Floor(unixSeconds / SecondsOfDay) + FirstDay, DaysOfWeek);

    /// <summary>Finds the moment with a time of day and a day of the week that is nearest to another; a part that is not known stays that of the other.</summary>
    /// <param name="unixSeconds">Seconds since 1970-01-01 UTC.</param>
    /// <param name="secondOfDay">From 0 to below 86,400, or null.</param>
    /// <param name="day">From 0 (Sunday) to 6, or null.</param>
    public static double Nearest(double unixSeconds, double? secondOfDay, int? day)
    {
        var moment = unixSeconds + (secondOfDay is { } second ? second - SecondOfDay(unixSeconds) : 0);
        var cycle = day is null ? SecondsOfDay : SecondsOfDay * DaysOfWeek;
        if (day is { } wanted)
            moment += Modulo(wanted - Day(moment), DaysOfWeek) * SecondsOfDay;
        else if (secondOfDay is null)
            return moment;
        return moment - (Math.Round((moment - unixSeconds) / cycle) * cycle);
    }

    public static double Modulo(double value, double modulus)
    {
        var rest = value % modulus;
        return rest < 0 ? rest + modulus : rest;
    }
}

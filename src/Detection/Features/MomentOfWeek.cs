using System.Globalization;

namespace AEAnomaly.Detection.Features;

/// <summary>Names a time of day and a day of the week, in UTC: what of a moment is a feature.</summary>
internal static class MomentOfWeek
{
    public const double SecondsOfDay = 86400;
    public const int DaysOfWeek = 7;

    // 1970-01-01 was a Thursday.
    public const int FirstDay = (int)DayOfWeek.Thursday;

    /// <summary>Names the moment, say "14:30 Tuesday".</summary>
    /// <param name="secondOfDay">From 0 to 86,400; rounded to the minute.</param>
    /// <param name="day">From 0 (Sunday) to 6.</param>
    public static string Name(double secondOfDay, int day)
    {
        var minute = (int)Math.Round(secondOfDay / 60) % (24 * 60);
        return string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00} {(DayOfWeek)day}");
    }

    /// <summary>Names the moment of seconds since 1970-01-01 UTC; the minute that has begun, as clocks show it.</summary>
    public static string NameOf(double unixSeconds) =>
        Name(Math.Floor(Modulo(unixSeconds, SecondsOfDay) / 60) * 60, (int)Modulo(Math.Floor(unixSeconds / SecondsOfDay) + FirstDay, DaysOfWeek));

    public static double Modulo(double value, double modulus)
    {
        var rest = value % modulus;
        return rest < 0 ? rest + modulus : rest;
    }
}

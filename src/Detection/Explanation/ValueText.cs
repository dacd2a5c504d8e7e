using System.Globalization;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Explanation;

/// <summary>Writes values as people read them: thousands separated, four digits that matter, moments as RFC 3339.</summary>
internal static class ValueText
{
    public const int LongestText = 256;

    public static string Write(FieldKind kind, double value) => kind switch
    {
        FieldKind.Boolean => value != 0 ? "true" : "false",
        FieldKind.Timestamp => EventTimes.Write(value) ?? WriteNumber(value),
        _ => WriteNumber(value),
    };

    public static string WriteNumber(double value)
    {
        var magnitude = Math.Abs(value);
        return magnitude switch
        {
            0 => "0",
            >= 1e15 or < 1e-4 => value.ToString("0.###e0", CultureInfo.InvariantCulture),
            >= 1000 => value.ToString("#,##0.##", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
            _ => value.ToString("0.####", CultureInfo.InvariantCulture),
        };
    }

    // What a reconstruction says of a number is no more exact than about three digits.
    public static string WriteExpectedNumber(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return WriteNumber(value);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 2);
        return WriteNumber(Math.Round(value / unit) * unit);
    }

    public static string Shorten(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText - 1), "…");
}

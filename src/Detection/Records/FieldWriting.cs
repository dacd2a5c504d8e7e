using System.Globalization;
using AEAnomaly.Detection.Values;

namespace AEAnomaly.Detection.Records;

/// <summary>Writes numbers and moments so that the field they belong to reads them again.</summary>
public static class FieldWriting
{
    /// <summary>Writes the value of a numeric or timestamp field.</summary>
    /// <param name="field">Declared field.</param>
    /// <param name="value">Number, or seconds since 1970-01-01 UTC.</param>
    /// <returns>A number with every digit and the field's decimal mark; a moment in the field's format and zone, or as RFC 3339.</returns>
    public static string Write(FieldSpec field, double value)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.Kind == FieldKind.Timestamp && EventTimes.FromSeconds(value) is { } moment)
            return field.Format is { } format ? Zoned(field, moment).ToString(format, CultureInfo.InvariantCulture) : EventTimes.Write(value)!;
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return field.Decimal == "," ? text.Replace('.', ',') : text;
    }

    private static DateTimeOffset Zoned(FieldSpec field, DateTimeOffset moment) =>
        field.TimeZone is { } name && TimeRule.FindZone(name) is { } zone ? TimeZoneInfo.ConvertTime(moment, zone) : moment;
}

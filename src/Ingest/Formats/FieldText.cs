using System.Text;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Reads the text of a value as the kind its field declares; the same rules for JSON strings, JSON numbers and CSV cells.</summary>
internal static class FieldText
{
    /// <summary>Reads a value of a field that is stored as a number.</summary>
    /// <param name="kind">Numeric, Boolean or Timestamp.</param>
    /// <param name="text">UTF-8.</param>
    /// <param name="value">The number to store.</param>
    public static ValueStatus TryParse(FieldKind kind, ReadOnlySpan<byte> text, out double value) => kind switch
    {
        FieldKind.Numeric => NumberText.TryParse(text, out value),
        FieldKind.Timestamp => TimestampText.TryParse(text, out value),
        _ => TryParseBoolean(text, out value),
    };

    /// <summary>Says what a field of a kind takes, for messages.</summary>
    /// <param name="kind">Declared kind.</param>
    public static string Expectation(FieldKind kind) => kind switch
    {
        FieldKind.Numeric => "a finite number",
        FieldKind.Boolean => "true, false, 0 or 1",
        FieldKind.Timestamp => "an ISO-8601 time or Unix seconds or milliseconds",
        _ => "a text, a number or a boolean",
    };

    private static ValueStatus TryParseBoolean(ReadOnlySpan<byte> text, out double value)
    {
        if (Ascii.EqualsIgnoreCase(text, "true"u8))
        {
            value = 1;
            return ValueStatus.Fine;
        }

        value = 0;
        if (Ascii.EqualsIgnoreCase(text, "false"u8))
            return ValueStatus.Fine;

        var status = NumberText.TryParse(text, out value);
        return status == ValueStatus.Fine && value is not (0 or 1) ? ValueStatus.WrongType : status;
    }
}

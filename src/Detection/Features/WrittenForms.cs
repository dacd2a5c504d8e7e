using System.Collections.Frozen;
using System.Globalization;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Features;

/// <summary>Gives the declarations by which a column of numbers, booleans or times may be read.</summary>
internal static class WrittenForms
{
    // Looking for a form costs a little for each distinct text, and the first ones tell it.
    private const int TextsLookedAt = 50;

    private static readonly FrozenSet<string> Currencies = FrozenSet.Create(
        StringComparer.Ordinal,
        "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY", "BRL", "MXN", "ZAR", "KRW", "SGD", "HKD",
        "kr", "kr.", "z\u0142", "K\u010D", "Ft", "lei", "R$", "US$", "A$", "C$", "Rs", "Rs.", "RM");

    private static readonly FrozenSet<string> Measures = FrozenSet.Create(
        StringComparer.Ordinal,
        "%", "\u2030", "ns", "us", "\u00B5s", "\u03BCs", "ms", "s", "sec", "min", "h", "hrs", "d", "days", "B", "bytes", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB",
        "bps", "kbps", "Mbps", "Gbps", "mg", "g", "kg", "t", "lb", "lbs", "oz", "mm", "cm", "m", "km", "ft", "in", "mi", "ml", "l", "L", "\u00B0C", "\u00B0F", "\u00B0", "C", "F", "K",
        "mV", "V", "kV", "mA", "A", "mW", "W", "kW", "MW", "Wh", "kWh", "MWh", "Hz", "kHz", "MHz", "GHz", "rpm", "Pa", "hPa", "kPa", "MPa", "bar", "mbar", "psi", "Nm", "N", "dB", "dBm",
        "ppm", "km/h", "m/s", "mph", "pcs");

    private static readonly char[] AroundNumbers = [.. "()+-\u2212 \u00A0\t"];

    /// <summary>Gives declarations, the ones that ask for least first; a later one is taken only where it reads more.</summary>
    /// <param name="values">Distinct values.</param>
    /// <param name="name">Name of the column.</param>
    public static IEnumerable<(FieldSpec Field, string? Note)> Candidates(IEnumerable<SampleValue> values, FieldName name)
    {
        string[] written = [.. values.Where(value => value.Kind is SampleValueKind.Text or SampleValueKind.Number).Select(value => value.Text)];
        yield return (new FieldSpec { Kind = FieldKind.Boolean }, null);
        if (DatePatterns.OfDigits(written, name) is { } digits)
            yield return digits;
        yield return (new FieldSpec { Kind = FieldKind.Numeric }, null);
        yield return (new FieldSpec { Kind = FieldKind.Timestamp }, null);

        string[] texts = [.. written.Where(text => text.AsSpan().ContainsAnyInRange('0', '9') && !MissingMarkers.IsAmongNumbers(text))];
        if (texts.Length == 0)
            yield break;
        var unit = texts.Take(TextsLookedAt).Select(UnitOf).Where(found => found is not null).GroupBy(found => found).MaxBy(group => group.Count())?.Key;
        foreach (var mark in (string[])[".", ","])
            yield return (new FieldSpec { Kind = FieldKind.Numeric, Decimal = mark, Unit = unit }, NumberNote(texts, mark));
        if (DatePatterns.Of(texts) is { } pattern)
            yield return pattern;
    }

    /// <summary>Finds what stands before or behind the digits of a number, where that is a unit that people write there.</summary>
    private static string? UnitOf(string text)
    {
        var before = text[..text.AsSpan().IndexOfAnyInRange('0', '9')].TrimEnd('.', ',').Trim(AroundNumbers);
        if (before.Length > 0)
            return IsCurrency(before) ? before : null;
        var rest = text[(text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1)..];
        var behind = rest.Trim(AroundNumbers);
        // 4g and 12h may be names of something; 4 g and 12 h are hardly.
        var isMeasure = Measures.Contains(behind) && (!char.IsAsciiLetter(behind[^1]) || behind.Length > 1 || rest[0] is ' ' or '\u00A0');
        return behind.Length > 0 && (isMeasure || IsCurrency(behind)) ? behind : null;
    }

    private static bool IsCurrency(string text) =>
        Currencies.Contains(text) || (text.Length == 1 && CharUnicodeInfo.GetUnicodeCategory(text[0]) == UnicodeCategory.CurrencySymbol);

    private static string NumberNote(string[] texts, string mark)
    {
        // Preferably one that shows the mark.
        var shown = texts.FirstOrDefault(text => text.Contains(',', StringComparison.Ordinal) || !char.IsAsciiDigit(text[0])) ?? texts[0];
        var isOpen = mark == "." && !texts.Any(text => text.Contains('.', StringComparison.Ordinal)) && texts.Any(text => text.Contains(',', StringComparison.Ordinal));
        return $"written like {ShownText.Of(shown)}{(isOpen ? ", the comma taken for thousands (decimal: \",\" if it is the decimal mark)" : "")}";
    }
}

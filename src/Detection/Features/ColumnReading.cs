using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Values;

namespace AEAnomaly.Detection.Features;

/// <summary>Says how the values of a column read as numbers, booleans or times: by which declaration, and what of them does not.</summary>
/// <param name="Field">Declaration without a name; its grammar reads every value but the odd ones.</param>
/// <param name="Fitting">Values that are read.</param>
/// <param name="Markers">Texts that mean "no value", with how often each occurs, the most frequent first.</param>
/// <param name="Odd">Texts that are not read, with how often each occurs, the most frequent first.</param>
/// <param name="Note">How the values are written where that had to be found out; null otherwise.</param>
internal sealed record ColumnReading(
    FieldSpec Field, int Fitting, IReadOnlyList<KeyValuePair<string, int>> Markers, IReadOnlyList<KeyValuePair<string, int>> Odd, string? Note = null)
{
    // One odd row in so many is a footer or a slip; up to a tenth may be a few words that repeat.
    private const int EnoughForOdd = 20;
    private const double SlipShare = 0.01;
    private const double WordShare = 0.1;
    private const int MostWords = 3;

    /// <summary>Finds the declaration that reads a column best.</summary>
    /// <param name="values">Distinct values with how often each occurs.</param>
    /// <param name="name">Name of the column.</param>
    /// <returns>Null where the column holds nothing; where it holds texts, it is not plausible.</returns>
    public static ColumnReading? Find(IReadOnlyDictionary<SampleValue, int> values, FieldName name)
    {
        ColumnReading? best = null;
        foreach (var (field, note) in WrittenForms.Candidates(values.Keys, name))
        {
            var reading = Read(field, values, note);
            if (best is null || reading.Fitting > best.Fitting)
                best = reading;
            if (best.IsPlausible && best.Odd.Count == 0)
                return best;
        }

        return best;
    }

    /// <summary>Lays the declaration over a proposed field of the same kind.</summary>
    public FieldSpec Declare(FieldSpec field) => field with
    {
        Missing = [.. Markers.Select(marker => marker.Key)],
        Decimal = Field.Decimal,
        Unit = Field.Unit,
        Format = Field.Format,
    };

    /// <summary>Says what a person should know of the values that are not there or not read; empty where there are none.</summary>
    public string Remark(int records)
    {
        var remark = new StringBuilder();
        if (Note is not null)
            remark.Append("; ").Append(Note);
        if (Markers.Count > 0)
            remark.Append(CultureInfo.InvariantCulture, $"; {Markers.Sum(marker => marker.Value):N0} of {records:N0} are missing: {ShownText.Of(Markers)}");
        if (Odd.Count > 0)
        {
            var odd = Odd.Sum(pair => pair.Value);
            var what = Field.Kind switch { FieldKind.Numeric => "numbers", FieldKind.Boolean => "booleans", _ => "times" };
            remark.Append(CultureInfo.InvariantCulture, $"; {Fitting:N0} of {Fitting + odd:N0} are {what}, the other{(odd == 1 ? " is" : "s are")} refused: {ShownText.Of(Odd)}");
        }

        return remark.ToString();
    }

    /// <summary>Gets whether what is not read may be slips and words among values, rather than what the column is.</summary>
    public bool IsPlausible
    {
        get
        {
            if (Fitting == 0 || Odd.Count == 0)
                return Fitting > 0;
            var odd = Odd.Sum(pair => pair.Value);
            return Fitting >= EnoughForOdd && (odd == 1 || odd <= SlipShare * (Fitting + odd) || (Odd.Count <= MostWords && odd <= WordShare * (Fitting + odd)));
        }
    }

    private static ColumnReading Read(FieldSpec field, IReadOnlyDictionary<SampleValue, int> values, string? note)
    {
        var grammar = new FieldGrammar(field);
        var (fitting, markers, odd) = (0, new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var (value, count) in values)
        {
            if (Fits(field, grammar, value))
                fitting += count;
            else if (value.Kind == SampleValueKind.Text && MissingMarkers.IsAmongNumbers(value.Text))
                markers[value.Text] = markers.GetValueOrDefault(value.Text) + count;
            else
                odd[value.Text] = odd.GetValueOrDefault(value.Text) + count;
        }

        if (field.Kind == FieldKind.Timestamp && fitting > 0 && values.Keys.Any(value => HasNoOffset(field, value)))
            note = $"{(note is null ? "" : note + "; ")}without an offset, so taken as UTC (time_zone says otherwise)";
        return new ColumnReading(field, fitting, Ranked(markers), Ranked(odd), note);
    }

    private static bool HasNoOffset(FieldSpec field, SampleValue value) => field.Format is { } format
        ? !format.Contains('z', StringComparison.Ordinal) && !format.Contains('\'', StringComparison.Ordinal)
        : TimestampText.TryParseWritten(Encoding.UTF8.GetBytes(value.Text), out _, out var hasOffset) && !hasOffset;

    private static bool Fits(FieldSpec field, FieldGrammar grammar, SampleValue value)
    {
        if (value.Kind == SampleValueKind.Boolean || grammar.Kind == FieldKind.Boolean)
            return value.Kind == SampleValueKind.Boolean && grammar.Kind == FieldKind.Boolean;
        if (value.Kind == SampleValueKind.Nested)
            return false;
        var text = Encoding.UTF8.GetBytes(value.Text);
        // Plain numbers are Unix time too; whether they are meant so is not for a single value to say.
        if (field is { Kind: FieldKind.Timestamp, Format: null })
            return value.Kind == SampleValueKind.Text && TimestampText.TryParseWritten(text, out _, out _);
        return (value.Kind == SampleValueKind.Number ? grammar.TryReadNumber(text, out _) : grammar.TryRead(text, out _)) == ValueStatus.Fine;
    }

    private static KeyValuePair<string, int>[] Ranked(Dictionary<string, int> counts) =>
        [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
}

using System.Text;
using AEAnomaly.Detection.Values;

namespace AEAnomaly.Detection.Records;

/// <summary>Reads the values of one field as its declaration says: the same rules for JSON texts, JSON numbers and the cells of files. Not thread-safe.</summary>
/// <remarks>Allocates nothing. What needs no rule is read without looking for one.</remarks>
public sealed class FieldGrammar
{
    private readonly FieldSpec _field;
    private readonly byte[][] _missing;
    private readonly double[] _missingNumbers;
    private readonly byte _mark;
    private readonly byte[] _unit;
    private readonly TimeRule? _time;
    private readonly byte[] _number = new byte[32];

    /// <summary>Takes a field's declaration.</summary>
    /// <param name="field">Declared field.</param>
    /// <exception cref="ArgumentException">The time zone is unknown, or the format is none.</exception>
    public FieldGrammar(FieldSpec field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.Problems().FirstOrDefault() is { Text: { } problem, Key: var key })
            throw new ArgumentException($"Field '{field.Name}', {key}: {problem}", nameof(field));
        _field = field;
        Kind = field.Kind;
        _mark = field.Decimal is [var mark] ? (byte)mark : (byte)0;
        _unit = field.Unit is null ? [] : Encoding.UTF8.GetBytes(field.Unit);
        if (field.Format is not null || field.TimeZone is not null)
            _time = new TimeRule(field.Format, field.TimeZone is null ? TimeZoneInfo.Utc : TimeRule.FindZone(field.TimeZone)!);
        _missing = [.. field.Missing.Select(text => Blanks.Trim(Encoding.UTF8.GetBytes(text)).ToArray())];
        _missingNumbers = Kind == FieldKind.Numeric ? MissingNumbers() : [];
    }

    /// <summary>Gets the declared kind.</summary>
    public FieldKind Kind { get; }

    /// <summary>Gets whether every number stands for itself (of a timestamp, for Unix time), so that one need not be looked up in the declaration.</summary>
    public bool TakesAnyNumber => _missing.Length == 0 && _field.Format is null;

    /// <summary>Reads a text, or a cell, of a field that is stored as a number.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="value">The number to store when the result is <see cref="ValueStatus.Fine"/>.</param>
    public ValueStatus TryRead(ReadOnlySpan<byte> text, out double value)
    {
        text = Blanks.Trim(text);
        value = 0;
        if (text.IsEmpty || (_missing.Length > 0 && IsDeclaredMissing(text)))
            return ValueStatus.Missing;
        return Checked(Parse(text, out value), value);
    }

    /// <summary>Reads a JSON number, whose grammar leaves no choice, of a field that is stored as a number.</summary>
    /// <param name="token">The number as it is written.</param>
    /// <param name="value">The number to store when the result is <see cref="ValueStatus.Fine"/>.</param>
    public ValueStatus TryReadNumber(ReadOnlySpan<byte> token, out double value)
    {
        if (Kind != FieldKind.Numeric)
            return TryRead(token, out value);
        return Checked(NumberText.TryParse(token, out value), value);
    }

    /// <summary>Gives a text as it is stored: of what names something, its one form (<see cref="CategoryText"/>); of the rest, what is written.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="value">A part of <paramref name="text"/>.</param>
    /// <returns>False when the value is missing: declared so, or a key of nothing, which would make one entity of all the records that have none.</returns>
    public bool TryReadText(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> value)
    {
        value = Kind == FieldKind.Ignore ? text : CategoryText.Of(text);
        return !IsMissing(value);
    }

    /// <summary>Gives a JSON number as the text that is stored.</summary>
    /// <param name="token">The number as it is written.</param>
    /// <param name="value">Valid until the next call.</param>
    /// <returns>False when the value is declared to be missing.</returns>
    public bool TryReadNumberAsText(ReadOnlySpan<byte> token, out ReadOnlySpan<byte> value)
    {
        value = Kind == FieldKind.Ignore ? token : CategoryText.OfNumber(token, _number);
        return !IsMissing(value);
    }

    /// <summary>Says what the field takes, for messages.</summary>
    public string Expectation => Kind switch
    {
        FieldKind.Numeric when _mark != 0 => $"a number with '{(char)_mark}' as its decimal mark{(_unit.Length > 0 ? $" and '{_field.Unit}' as its unit" : "")}",
        FieldKind.Numeric => "a finite number",
        FieldKind.Boolean => "true, false, 0 or 1",
        FieldKind.Timestamp when _field.Format is { } format => $"a time written like {format}",
        FieldKind.Timestamp => "an ISO-8601 time or Unix seconds or milliseconds",
        _ => "a text, a number or a boolean",
    };

    // -999 is meant however it is written: -999.0, "-999", -9.99e2.
    private double[] MissingNumbers()
    {
        var numbers = new List<double>();
        foreach (var text in _missing)
        {
            if (Parse(text, out var value) == ValueStatus.Fine)
                numbers.Add(value);
        }

        return [.. numbers];
    }

    private bool IsMissing(ReadOnlySpan<byte> text) =>
        (text.IsEmpty && Kind == FieldKind.Key) || (_missing.Length > 0 && IsDeclaredMissing(Blanks.Trim(text)));

    private bool IsDeclaredMissing(ReadOnlySpan<byte> text)
    {
        foreach (var missing in _missing)
        {
            if (text.SequenceEqual(missing))
                return true;
        }

        return false;
    }

    private ValueStatus Checked(ValueStatus status, double value) =>
        status == ValueStatus.Fine && _missingNumbers.AsSpan().Contains(value) ? ValueStatus.Missing : status;

    private ValueStatus Parse(ReadOnlySpan<byte> text, out double value) => Kind switch
    {
        FieldKind.Numeric => _mark == 0 ? NumberText.TryParse(text, out value) : WrittenNumber.TryParse(text, _mark, _unit, out value),
        FieldKind.Timestamp => _time is null ? TimestampText.TryParse(text, out value) : _time.TryParse(text, out value),
        _ => TryParseBoolean(text, out value),
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

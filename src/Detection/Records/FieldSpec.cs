using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using AEAnomaly.Detection.Values;

namespace AEAnomaly.Detection.Records;

/// <summary>Declares one field of a record.</summary>
public sealed record FieldSpec
{
    /// <summary>Gets the name used in alerts, reports and messages.</summary>
    [Required]
    [Description("Name used in alerts and reports; also the path when no path is given.")]
    public string Name { get; init; } = "";

    /// <summary>Gets where the value is found: dotted for nested JSON objects, a column name for CSV.</summary>
    /// <value>Default null: the name.</value>
    [Description("Where the value is found: a dotted path in JSON (payer.country), a column name in CSV. Default: the name.")]
    public string? Path { get; init; }

    /// <summary>Gets what the field is.</summary>
    [Description("What the field is.")]
    public FieldKind Kind { get; init; }

    /// <summary>Gets how a numeric field is scaled.</summary>
    /// <value>Default <see cref="NumericScaling.Auto"/>.</value>
    [Description("How a numeric field is brought to a common scale; auto chooses from the training data.")]
    public NumericScaling Scaling { get; init; } = NumericScaling.Auto;

    /// <summary>Gets the number of categories learned one by one; rarer ones share one feature.</summary>
    /// <value>Default 32.</value>
    [Range(1, 1024)]
    [Description("Categories learned one by one; rarer ones share one feature.")]
    public int MaxCategories { get; init; } = 32;

    /// <summary>Gets whether a record without this field is bad input.</summary>
    /// <value>Default null: true for a key, false otherwise.</value>
    [Description("Whether a record without this field goes to the dead-letter topic. Default: true for a key, false otherwise.")]
    public bool? Required { get; init; }

    /// <summary>Gets how the field may appear in alerts as evidence.</summary>
    /// <value>Default <see cref="PassThrough.None"/>; a key is always shown as the entity, masked unless <see cref="PassThrough.Plain"/>.</value>
    [Description("How the value may appear in alerts as evidence: none, masked (last four characters stay) or plain.")]
    public PassThrough PassThrough { get; init; }

    /// <summary>Gets the unit shown beside the value in alerts.</summary>
    [Description("Unit shown beside the value in alerts, say EUR.")]
    public string? Unit { get; init; }

    /// <summary>Gets the texts that mean "no value" in this field; blanks and case count, the way a number is written does not.</summary>
    /// <value>Default empty: null, an absent value, and nothing but blanks where a number, a boolean or a time is declared.</value>
    [Description("Texts that mean 'no value' in this field, say [NA, \"-\"]; nothing and null always do.")]
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Gets the decimal mark of numbers that people have written, with thousands marks, the <see cref="Unit"/>, or parentheses for what is negative.</summary>
    /// <value>Default null: numbers as programs write them.</value>
    [AllowedValues(".", ",")]
    [SuppressMessage("Naming", "CA1720", Justification = "It is the key of the configuration, which people who export spreadsheets know by this name.")]
    [Description("Decimal mark of numbers as people write them: with it, thousands marks (1.234,50), the unit (12,50 EUR) and negative numbers in parentheses are read too. Numeric fields only; numbers of JSON stay what they are.")]
    public string? Decimal { get; init; }

    /// <summary>Gets the one form of a time that is read.</summary>
    /// <value>Default null: ISO-8601, other forms that have one meaning only, and Unix time.</value>
    [Description("The one form in which times are written, say dd/MM/yyyy HH:mm:ss (d and M, H or h with tt, F for a fraction that may be absent). Timestamp fields only. Default: ISO-8601, forms with the year first or a month's name, Unix time.")]
    public string? Format { get; init; }

    /// <summary>Gets the time zone of times without an offset.</summary>
    /// <value>Default null: UTC.</value>
    [Description("Time zone of times without an offset, say Europe/Berlin or +01:00. Timestamp fields only. Default: UTC.")]
    public string? TimeZone { get; init; }

    /// <summary>Gets the label's values that mean normal; with any given, all others mean an anomaly.</summary>
    /// <value>Default empty: 0, false, no, normal, benign, good, healthy and their like, and nothing.</value>
    [Description("Values of the label that mean normal, say [good]; all others then mean an anomaly. Label fields only. Default: 0, false, no, normal, benign, good, healthy, ok and their like.")]
    public IReadOnlyList<string> Normal { get; init; } = [];

    /// <summary>Gets what the field tells of the key's records before, or null for one that is read from the record.</summary>
    public HistoryFeature? History { get; internal init; }

    /// <summary>Gets the path, which is the name where none is given.</summary>
    public string EffectivePath => Path ?? Name;

    /// <summary>Gets whether a record without this field is refused.</summary>
    public bool IsRequired => Required ?? Kind == FieldKind.Key;

    /// <summary>Gives the field as another kind, without the rules that only its own kind has.</summary>
    /// <param name="kind">What it is to be.</param>
    public FieldSpec As(FieldKind kind) => kind == Kind ? this : this with { Kind = kind, Decimal = null, Format = null, TimeZone = null, Normal = [] };

    /// <summary>Says what does not go together: the key in snake case, and the problem with what was found and what is expected.</summary>
    public IEnumerable<(string Key, string Text)> Problems()
    {
        if (Decimal is not null && Kind != FieldKind.Numeric)
            yield return ("decimal", $"found '{Decimal}' in a field of kind {Word}; only numeric fields have a decimal mark. Leave it out.");
        if (Format is not null && Kind != FieldKind.Timestamp)
            yield return ("format", $"found '{Format}' in a field of kind {Word}; only timestamp fields have a format. Leave it out.");
        else if (Format is not null && TimeRule.Problem(Format) is { } expected)
            yield return ("format", $"found '{Format}'; expected {expected}.");
        if (TimeZone is not null && Kind != FieldKind.Timestamp)
            yield return ("time_zone", $"found '{TimeZone}' in a field of kind {Word}; only timestamp fields have a time zone. Leave it out.");
        else if (TimeZone is not null && TimeRule.FindZone(TimeZone) is null)
            yield return ("time_zone", $"found '{TimeZone}'; expected the name of a time zone that this machine knows, say Europe/Berlin or UTC, or an offset such as +01:00.");
        if (Normal.Count > 0 && Kind != FieldKind.Label)
            yield return ("normal", $"found '{Normal[0]}' in a field of kind {Word}; only a label says what is normal. Leave it out.");
    }

    private string Word => Kind.ToString().ToLowerInvariant();
}

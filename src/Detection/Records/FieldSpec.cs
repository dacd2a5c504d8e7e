using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

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

    /// <summary>Gets the path, which is the name where none is given.</summary>
    public string EffectivePath => Path ?? Name;

    /// <summary>Gets whether a record without this field is refused.</summary>
    public bool IsRequired => Required ?? Kind == FieldKind.Key;
}

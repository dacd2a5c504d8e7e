using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Explanation;

/// <summary>Says what one field contributed to a record's score.</summary>
/// <param name="Field">Declared field.</param>
/// <param name="Number">Value found: a number, 0 or 1 for booleans, seconds since 1970-01-01 UTC for timestamps; NaN for texts and where missing.</param>
/// <param name="Text">Value found as people read it, shortened; empty when missing.</param>
/// <param name="Expected">What the model expected.</param>
/// <param name="Share">Part of the record's score, 0 to 1.</param>
/// <param name="Unseen">True when the category never occurred in training.</param>
/// <param name="Missing">True when the record has no value; the network then judged the rest without it.</param>
public sealed record FeatureContribution(
    FieldSpec Field,
    double Number,
    string Text,
    ExpectedValue Expected,
    double Share,
    bool Unseen,
    bool Missing)
{
    /// <summary>Gets what is usual for the record's own key, or for all keys, in the unit of the field that a feature of history is about.</summary>
    /// <value>NaN where history says nothing of it; then the model's expectation stands.</value>
    public double Usual { get; init; } = double.NaN;

    /// <summary>Gets the field that a feature of history is about, or null.</summary>
    public FieldSpec? About { get; init; }

    /// <summary>Gets the value of that field as people read it; empty without one.</summary>
    public string AboutText { get; init; } = "";

    /// <summary>Gets the number of that field; NaN for a text.</summary>
    public double AboutNumber { get; init; } = double.NaN;

    /// <summary>Gets what the value was compared with: the key's own history ("entity"), or all records ("population").</summary>
    public string Baseline => Field.History is { OfAll: false } ? "entity" : "population";
}

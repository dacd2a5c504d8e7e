using System.Globalization;

namespace AEAnomaly.Detection.Records;

/// <summary>Says what a derived field tells of the records before.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Source">Index of the field it is about: the number, the category, the latitude; -1 for none.</param>
/// <param name="Within">Index of the category that a number is compared within, or of the longitude; -1 for none.</param>
/// <param name="OfAll">Whether it compares with the records of all keys.</param>
/// <param name="HalfLife">After how long a record counts half; zero where nothing decays.</param>
public sealed record HistoryFeature(HistoryFeatureKind Kind, int Source = -1, int Within = -1, bool OfAll = false, TimeSpan HalfLife = default)
{
    /// <summary>Tells whether a field is a latitude or longitude that this feature is computed from.</summary>
    /// <param name="field">Index of the field.</param>
    internal bool IsAboutPlace(int field) => Kind == HistoryFeatureKind.Distance && (Source == field || Within == field);

    /// <summary>Writes the definition in terms of names, for the hash of a spec.</summary>
    internal string Define(IReadOnlyList<FieldSpec> fields) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind} of '{NameOf(fields, Source)}' within '{NameOf(fields, Within)}' of {(OfAll ? "all" : "key")}, half-life {HalfLife.Ticks}");

    private static string NameOf(IReadOnlyList<FieldSpec> fields, int field) => field < 0 ? "" : fields[field].Name;
}

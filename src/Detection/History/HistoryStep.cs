using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.History;

/// <summary>How one feature is got: what it is about as places in the layout, found once.</summary>
/// <param name="Field">Index of the derived field.</param>
/// <param name="Feature">What it tells.</param>
/// <param name="Life">Index of the half-life of a count or sum.</param>
/// <param name="Place">Index into what the kind is kept in: sums, own numbers, parts of categories, seen filters.</param>
/// <param name="Number">Index of the number within a part of categories.</param>
/// <param name="Everybody">Index of the number among <see cref="KeyLayout.Numbers"/>.</param>
internal readonly record struct HistoryStep(int Field, HistoryFeature Feature, int Life, int Place, int Number, int Everybody)
{
    public static HistoryStep[] Of(FeatureSpec spec, KeyLayout layout) =>
        [.. Enumerable.Range(0, spec.Fields.Count).Where(field => spec.Fields[field].History is not null).Select(field => Of(field, spec.Fields[field].History!, layout))];

    private static HistoryStep Of(int field, HistoryFeature feature, KeyLayout layout)
    {
        var life = Array.IndexOf(layout.HalfLives, feature.HalfLife.TotalSeconds);
        var parts = feature.OfAll ? layout.AllCategories : layout.OwnCategories;
        var category = feature.Kind == HistoryFeatureKind.Share ? feature.Source : feature.Within;
        var part = Array.FindIndex(parts, candidate => candidate.Field == category);
        return feature.Kind switch
        {
            HistoryFeatureKind.Sum => new(field, feature, life, Array.IndexOf(layout.Sums, feature.Source), 0, 0),
            HistoryFeatureKind.Usual when feature.Within >= 0 =>
                new(field, feature, life, part, Array.IndexOf(parts[part].Numbers, feature.Source), Array.IndexOf(layout.Numbers, feature.Source)),
            HistoryFeatureKind.Usual => new(field, feature, life, Array.IndexOf(layout.OwnNumbers, feature.Source), 0, Array.IndexOf(layout.Numbers, feature.Source)),
            HistoryFeatureKind.Share => new(field, feature, life, part, 0, 0),
            HistoryFeatureKind.FirstSeen => new(field, feature, life, Array.IndexOf(layout.Seen, feature.Source), 0, 0),
            _ => new(field, feature, life, 0, 0, 0),
        };
    }
}

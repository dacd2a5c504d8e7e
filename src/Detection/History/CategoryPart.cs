using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.History;

/// <summary>A category, and the numbers that are compared within it.</summary>
/// <param name="Field">Index of the category's field.</param>
/// <param name="Numbers">Indices of the numbers' fields.</param>
internal sealed record CategoryPart(int Field, int[] Numbers)
{
    /// <summary>Collects the categories that features are about.</summary>
    public static CategoryPart[] Of(IEnumerable<HistoryFeature> features) =>
    [
        .. features
            .Where(feature => feature.Kind == HistoryFeatureKind.Share || feature is { Kind: HistoryFeatureKind.Usual, Within: >= 0 })
            .GroupBy(feature => feature.Kind == HistoryFeatureKind.Share ? feature.Source : feature.Within)
            .Select(group => new CategoryPart(group.Key, [.. group.Where(feature => feature.Kind == HistoryFeatureKind.Usual).Select(feature => feature.Source).Distinct()])),
    ];
}

using AEAnomaly.Detection.Registry;

namespace AEAnomaly.Host.Page;

/// <summary>Tells what the page shows of a model version; a manifest is a hundred times as long.</summary>
internal sealed record PageVersion(
    string Version,
    bool Current,
    string? Problem,
    DateTimeOffset? CreatedAt,
    string? Trigger,
    string? Variant,
    string? Device,
    int? Records,
    int? Excluded,
    DateTimeOffset? From,
    DateTimeOffset? To,
    double? Threshold,
    double? Quantile,
    int? HeldOutScores)
{
    public static PageVersion Of(ModelVersion version)
    {
        var manifest = version.Manifest;
        return new PageVersion(
            version.Version,
            version.Current,
            version.Problem,
            manifest?.CreatedAt,
            manifest?.Trigger,
            manifest?.Network.Variant,
            manifest?.Network.Report.Device,
            manifest?.WindowRecords,
            manifest?.ExcludedRecords,
            manifest?.WindowFrom,
            manifest?.WindowTo,
            manifest?.Threshold.Value,
            manifest?.Threshold.Quantile,
            manifest?.Threshold.HeldOutScores);
    }
}

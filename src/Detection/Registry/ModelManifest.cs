using System.Text.Json.Serialization;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Registry;

/// <summary>Describes a model version; stored as manifest.json beside its weights.</summary>
/// <param name="FormatVersion">Version of this format, now 1.</param>
/// <param name="Detector">Detector it belongs to.</param>
/// <param name="Version">Version, unique within the detector and ordered by time; filled in by the store.</param>
/// <param name="CreatedAt">When the training ended, UTC.</param>
/// <param name="SpecHash">Hash of the feature spec; the model never scores another.</param>
/// <param name="Trigger">Why it was trained: "bootstrap", "schedule", "request" or "command".</param>
/// <param name="WindowRecords">Records of the training window that were learned from (flagged ones are left out).</param>
/// <param name="ExcludedRecords">Records left out because the previous version flagged them.</param>
/// <param name="Window">Where the records came from.</param>
/// <param name="WindowFrom">Event time of the oldest record, UTC, or null when unknown.</param>
/// <param name="WindowTo">Event time of the newest record, UTC, or null when unknown.</param>
/// <param name="Network">The weights file.</param>
/// <param name="Encoder">The fitted encoder.</param>
/// <param name="Threshold">The learned threshold.</param>
public sealed record ModelManifest(
    int FormatVersion,
    string Detector,
    string Version,
    DateTimeOffset CreatedAt,
    string SpecHash,
    string Trigger,
    int WindowRecords,
    int ExcludedRecords,
    IReadOnlyList<HistoryRange> Window,
    DateTimeOffset? WindowFrom,
    DateTimeOffset? WindowTo,
    ModelDescription Network,
    EncoderDescription Encoder,
    Threshold Threshold)
{
    /// <summary>The version of the format that this program writes, and the only one it reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Gets the version of the program that trained it.</summary>
    /// <value>Null where it was stored before versions were noted.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Program { get; init; }
}

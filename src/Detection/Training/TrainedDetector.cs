using System.Text.Json;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Training;

/// <summary>Holds the outcome of a training before it is stored.</summary>
/// <param name="Encoder">Fitted encoder.</param>
/// <param name="Model">Fitted network.</param>
/// <param name="Frozen">The network packed for scoring.</param>
/// <param name="Threshold">Learned threshold.</param>
/// <param name="Window">What it was learned from.</param>
public sealed record TrainedDetector(FeatureEncoder Encoder, TrainedModel Model, FrozenModel Frozen, Threshold Threshold, LearnedWindow Window)
{
    /// <summary>Writes the manifest that a store completes: the store fills in the version and the network.</summary>
    /// <param name="detector">Name of the detector.</param>
    /// <param name="trigger">Why it was trained: "bootstrap", "schedule", "request" or "command".</param>
    /// <param name="createdAt">When the training ended.</param>
    /// <param name="excludedRecords">Records of the window left out because the previous version flagged them.</param>
    /// <param name="ranges">Where the records came from.</param>
    public ModelManifest Describe(
        string detector,
        string trigger,
        DateTimeOffset createdAt,
        int excludedRecords = 0,
        IReadOnlyList<HistoryRange>? ranges = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(detector);
        return new ModelManifest(
            ModelManifest.CurrentFormat,
            detector,
            "",
            createdAt.ToUniversalTime(),
            Encoder.Spec.Hash,
            trigger,
            Window.Records,
            excludedRecords,
            ranges ?? [],
            Window.From,
            Window.To,
            new ModelDescription("", default(JsonElement), [], "", 0, Model.Report),
            Encoder.Describe(),
            Threshold)
        {
            Program = ProgramVersion.Number,
        };
    }
}

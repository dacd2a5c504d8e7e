using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Training;

/// <summary>Holds the outcome of a training before it is stored.</summary>
/// <param name="Encoder">Fitted encoder.</param>
/// <param name="Model">Fitted network.</param>
/// <param name="Frozen">The network packed for scoring.</param>
/// <param name="Threshold">Learned threshold.</param>
public sealed record TrainedDetector(FeatureEncoder Encoder, TrainedModel Model, FrozenModel Frozen, Threshold Threshold);

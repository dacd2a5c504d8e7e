using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Detection.Registry;

/// <summary>Holds everything that scores: encoder, network, threshold and the manifest that says where they came from. Immutable; swapped whole between two batches.</summary>
/// <param name="Manifest">What the version is and how it came to be.</param>
/// <param name="Encoder">Fitted encoder.</param>
/// <param name="Model">Network.</param>
/// <param name="Threshold">Learned threshold.</param>
public sealed record ModelSnapshot(ModelManifest Manifest, FeatureEncoder Encoder, FrozenModel Model, Threshold Threshold)
{
    /// <summary>Gets the version: "20260131T120000Z-1a2b3c4d" (creation time, later where needed to follow the version before; start of the weights' SHA-256).</summary>
    public string Version => Manifest.Version;
}

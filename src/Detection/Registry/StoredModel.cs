using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Registry;

/// <summary>Holds a stored network with everything it was stored with; for work that scoring does not need.</summary>
/// <param name="Manifest">What the version is and how it came to be.</param>
/// <param name="Model">Network.</param>
public sealed record StoredModel(ModelManifest Manifest, TrainedModel Model);

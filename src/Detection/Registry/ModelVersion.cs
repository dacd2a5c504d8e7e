namespace AEAnomaly.Detection.Registry;

/// <summary>Lists one stored version.</summary>
/// <param name="Version">Version.</param>
/// <param name="Current">True for the version that scores.</param>
/// <param name="Manifest">Manifest, or null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be used, or null.</param>
public sealed record ModelVersion(string Version, bool Current, ModelManifest? Manifest, string? Problem);

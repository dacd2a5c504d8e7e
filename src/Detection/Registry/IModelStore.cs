using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Registry;

/// <summary>Keeps model versions and remembers which one scores.</summary>
public interface IModelStore
{
    /// <summary>Stores a new version and makes it the current one; either both happen or neither.</summary>
    /// <param name="manifest">Manifest whose <see cref="ModelManifest.Network"/> and <see cref="ModelManifest.Version"/> are filled in by the store from the weights it wrote.</param>
    /// <param name="model">Network.</param>
    /// <returns>The manifest as stored.</returns>
    /// <exception cref="IOException">The folder cannot be written (full, read-only); nothing changed.</exception>
    ModelManifest Save(ModelManifest manifest, TrainedModel model);

    /// <summary>Lists a detector's versions, the newest first; damaged ones appear with the reason.</summary>
    /// <param name="detector">Name of the detector.</param>
    IReadOnlyList<ModelVersion> List(string detector);

    /// <summary>Tells which version is the current one; reads the pointer only, which another process may have set.</summary>
    /// <param name="detector">Name of the detector.</param>
    /// <returns>The version, or null when the detector has none yet.</returns>
    /// <exception cref="AEAnomaly.Models.Persistence.ModelFileException">The pointer cannot be read, or names no stored version.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    string? CurrentVersion(string detector);

    /// <summary>Loads a version for scoring.</summary>
    /// <param name="detector">Name of the detector.</param>
    /// <param name="version">Version, or null for the current one.</param>
    /// <param name="spec">Fields it must have been trained for.</param>
    /// <returns>The snapshot, or null when the detector has no version yet.</returns>
    /// <exception cref="AEAnomaly.Models.Persistence.ModelFileException">A file is missing, altered or does not fit; the message names it and the reason.</exception>
    /// <exception cref="SpecMismatchException">The version was trained for other fields.</exception>
    ModelSnapshot? Load(string detector, string? version, FeatureSpec spec);

    /// <summary>Makes an older version the current one.</summary>
    /// <param name="detector">Name of the detector.</param>
    /// <param name="version">Version to go back to, or null for the one before the current.</param>
    /// <returns>The version that is current now.</returns>
    /// <exception cref="KeyNotFoundException">There is no such version; the message lists those there are.</exception>
    string Rollback(string detector, string? version);
}

using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.CommandLine;

namespace AEAnomaly.Host.Commands.Registry;

/// <summary>Finds a stored version by a path: a folder of model versions with one detector, DIR/DETECTOR, or DIR/DETECTOR/VERSION.</summary>
internal static class StoredModelPath
{
    private const string Manifest = "manifest.json";

    /// <summary>Loads the version a path names; the current one where the path names none.</summary>
    /// <param name="path">Path.</param>
    /// <param name="option">Option that names it, for messages.</param>
    /// <exception cref="CommandFailedException">There is no version, or several detectors; the message says what to name.</exception>
    public static StoredModel Load(string path, string option)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
            throw new CommandFailedException($"{option} {path}: there is no such folder; name a folder of model versions, as 'train --out' made it, or DIR/DETECTOR/VERSION.");
        if (File.Exists(Path.Combine(folder, Manifest)))
            return Load(Path.GetDirectoryName(folder)!, Path.GetFileName(folder), path, option);
        if (HasVersions(folder))
            return Load(folder, null, path, option);

        var detectors = ModelFolder.Detectors(folder).Where(name => HasVersions(Path.Combine(folder, name))).ToArray();
        return detectors.Length switch
        {
            1 => Load(Path.Combine(folder, detectors[0]), null, path, option),
            0 => throw new CommandFailedException($"{option} {path}: no version is stored there; 'aeanomaly train --data FILE --out {path}' makes one."),
            _ => throw new CommandFailedException($"{option} {path}: there are {detectors.Length} detectors ({string.Join(", ", detectors)}); say which: {option} {Path.Combine(path, detectors[0])}."),
        };
    }

    private static StoredModel Load(string home, string? version, string path, string option) =>
        new DirectoryModelStore(Path.GetDirectoryName(home)!).LoadWhole(Path.GetFileName(home), version)
            ?? throw new CommandFailedException($"{option} {path}: no version is stored there.");

    private static bool HasVersions(string folder) => Directory.GetDirectories(folder).Any(version => File.Exists(Path.Combine(version, Manifest)));
}

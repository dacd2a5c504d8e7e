using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Detection.Registry;

/// <summary>Keeps model versions in a folder: FOLDER/DETECTOR/VERSION/{weights.safetensors, manifest.json}, with FOLDER/DETECTOR/current naming the version that scores.</summary>
/// <remarks>
/// A version is written beside its place, under a name that no other process uses, and appears by one rename, so a crash leaves no half version, and neither do two processes that
/// store at once. Thread-safe within the process; other processes may store, read, list and roll back at the same time. Loading runs no code from the files.
/// </remarks>
public sealed class DirectoryModelStore : IModelStore
{
    private const string StampFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string WeightsName = "weights.safetensors";
    private const string ManifestName = "manifest.json";
    private const string CurrentName = "current";

    // A leading dot: neither version can be taken for one, since versions begin with the year.
    private const string UnfinishedPrefix = ".new-";
    private const string DiscardedPrefix = ".old-";

    private readonly string _folder;
    private readonly int _keep;
    private readonly Lock _gate = new();

    /// <summary>Creates a store; touches nothing yet.</summary>
    /// <param name="folder">Folder of all detectors; created when the first version is stored.</param>
    /// <param name="keep">Versions kept for each detector, at least 1; older ones are deleted after a new one is stored, the current one never.</param>
    public DirectoryModelStore(string folder, int keep = 10)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        _folder = Path.GetFullPath(folder);
        _keep = keep;
    }

    /// <summary>Gets why older versions could not be deleted after the last one was stored, or null.</summary>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public ModelManifest Save(ModelManifest manifest, TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(model);
        lock (_gate)
        {
            var home = HomeOf(manifest.Detector);
            try
            {
                Directory.CreateDirectory(home);
                manifest = Write(home, manifest, model);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ModelFileException)
            {
                throw new IOException(
                    $"{home}: the new version of detector '{manifest.Detector}' cannot be stored: {e.Message} Nothing changed. Check that the folder is writable and the disk has room.", e);
            }

            TidyUp(home, manifest);
            return manifest;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ModelVersion> List(string detector)
    {
        lock (_gate)
        {
            var home = HomeOf(detector);
            _ = TryCurrentOf(home, out var current);
            return [.. VersionsOf(home).Select(version => Describe(home, version, version == current))];
        }
    }

    /// <inheritdoc/>
    public string? CurrentVersion(string detector) => CurrentOf(HomeOf(detector));

    /// <inheritdoc/>
    public ModelSnapshot? Load(string detector, string? version, FeatureSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        lock (_gate)
        {
            if (Find(detector, version) is not (var folder, var manifest))
                return null;
            if (manifest.SpecHash != spec.Hash)
            {
                throw new SpecMismatchException(
                    $"{folder}: version {manifest.Version} of detector '{detector}' was trained for the fields with hash {manifest.SpecHash[..Math.Min(12, manifest.SpecHash.Length)]}, "
                    + $"the fields declared now have {spec.Hash[..12]}. Train a new version, or declare the former fields again.");
            }

            return Restored(folder, path => new ModelSnapshot(
                manifest, FeatureEncoder.Restore(spec, manifest.Encoder), TrainedModel.Load(manifest.Network, path).Freeze(), manifest.Threshold));
        }
    }

    /// <summary>Loads a version whole, whatever fields it was trained for.</summary>
    /// <param name="detector">Name of the detector.</param>
    /// <param name="version">Version, or null for the current one.</param>
    /// <returns>The version, or null when the detector has none yet.</returns>
    /// <exception cref="ModelFileException">A file is missing, altered or does not fit; the message names it and the reason.</exception>
    /// <exception cref="KeyNotFoundException">There is no such version; the message lists those there are.</exception>
    public StoredModel? LoadWhole(string detector, string? version)
    {
        lock (_gate)
        {
            return Find(detector, version) is (var folder, var manifest)
                ? Restored(folder, path => new StoredModel(manifest, TrainedModel.Load(manifest.Network, path)))
                : null;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ModelFileException">The version cannot be used; the message says why. Nothing changed.</exception>
    /// <exception cref="IOException">The folder cannot be written; nothing changed.</exception>
    public string Rollback(string detector, string? version)
    {
        lock (_gate)
        {
            var home = HomeOf(detector);
            var target = version is null ? BeforeCurrent(detector, home) : Known(detector, home, version);
            ReadManifest(Path.Combine(home, target), detector, target);
            try
            {
                WriteCurrent(home, target);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"{home}: version {target} cannot be made the current one: {e.Message} Nothing changed. Check that the folder is writable and the disk has room.", e);
            }

            return target;
        }
    }

    private (string Folder, ModelManifest Manifest)? Find(string detector, string? version)
    {
        var home = HomeOf(detector);
        if (version is not null)
            Known(detector, home, version);
        else if ((version = CurrentOf(home)) is null)
            return null;

        var folder = Path.Combine(home, version);
        return (folder, ReadManifest(folder, detector, version));
    }

    private static T Restored<T>(string folder, Func<string, T> restore)
    {
        try
        {
            return restore(Path.Combine(folder, WeightsName));
        }
        catch (Exception e) when (e is not ModelFileException)
        {
            throw new ModelFileException($"{folder}: the version cannot be restored: {e.Message} Roll back to another version, or train again.", e);
        }
    }

    private static ModelManifest Write(string home, ModelManifest manifest, TrainedModel model)
    {
        var stamp = StampAfter(home, manifest.CreatedAt).ToString(StampFormat, CultureInfo.InvariantCulture);
        var unfinished = Path.Combine(home, $"{UnfinishedPrefix}{stamp}-{Path.GetRandomFileName()}");
        string? finished = null;
        try
        {
            Directory.CreateDirectory(unfinished);
            var network = model.Save(Path.Combine(unfinished, WeightsName));
            var version = $"{stamp}-{network.WeightsSha256[..8]}";
            manifest = manifest with { FormatVersion = ModelManifest.CurrentFormat, Network = network, Version = version };
            WriteThrough(Path.Combine(unfinished, ManifestName), ManifestFile.Serialize(manifest));
            Directory.Move(unfinished, Path.Combine(home, version));
            finished = Path.Combine(home, version);
            WriteCurrent(home, version);
        }
        catch
        {
            Delete(unfinished);
            if (finished is not null)
                Delete(finished);
            throw;
        }

        return manifest;
    }

    private string HomeOf(string detector)
    {
        ArgumentException.ThrowIfNullOrEmpty(detector);
        if (detector[0] == '.' || detector.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0)
            throw new ArgumentException($"Detector name '{detector}' cannot be a folder's name.", nameof(detector));
        return Path.Combine(_folder, detector);
    }

    private static ModelVersion Describe(string home, string version, bool current)
    {
        try
        {
            var folder = Path.Combine(home, version);
            var manifest = ReadManifest(folder, Path.GetFileName(home), version);
            var weights = Path.Combine(folder, WeightsName);
            return new ModelVersion(version, current, manifest, File.Exists(weights) ? null : $"{weights} is missing.");
        }
        catch (ModelFileException e)
        {
            return new ModelVersion(version, current, null, e.Message);
        }
    }

    private static ModelManifest ReadManifest(string folder, string detector, string version)
    {
        var path = Path.Combine(folder, ManifestName);
        var manifest = ManifestFile.Read(path);
        return manifest.Detector == detector && manifest.Version == version
            ? manifest
            : throw new ModelFileException(
                $"{path}: the manifest is that of version {manifest.Version} of detector '{manifest.Detector}', not of {version} of '{detector}'. Restore the folder, or roll back to another version.");
    }

    // Newest first: versions begin with their creation time.
    private static string[] VersionsOf(string home)
    {
        if (!Directory.Exists(home))
            return [];
        var names = Directory.GetDirectories(home).Select(Path.GetFileName).OfType<string>().Where(name => name[0] != '.').ToArray();
        Array.Sort(names, (a, b) => string.CompareOrdinal(b, a));
        return names;
    }

    /// <returns>The version that scores, or null where there is none yet.</returns>
    /// <exception cref="ModelFileException">The pointer cannot be read, or names no stored version.</exception>
    private static string? CurrentOf(string home) => TryCurrentOf(home, out var version) is { } problem ? throw new ModelFileException(problem) : version;

    // Without the pointer (a crash between the two renames of the first version) the newest one that can be read is meant.
    private static string? TryCurrentOf(string home, out string? version)
    {
        var path = Path.Combine(home, CurrentName);
        var versions = VersionsOf(home);
        version = null;
        try
        {
            var named = File.ReadAllText(path).Trim();
            version = Array.Find(versions, stored => stored == named);
            return version is not null ? null
                : $"{path}: names {(named.Length is 0 or > 100 || named.Any(char.IsControl) ? "nothing that could be a version" : $"'{named}', which is not stored")}. "
                    + "Restore it, or make a version the current one: aeanomaly models rollback DETECTOR VERSION.";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            version = Array.Find(versions, stored => Describe(home, stored, false).Problem is null) ?? versions.FirstOrDefault();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path}: cannot be read: {e.Message} It names the version that scores; restore it or its permissions.";
        }
    }

    private static string Known(string detector, string home, string version)
    {
        var versions = VersionsOf(home);
        return versions.Contains(version, StringComparer.Ordinal)
            ? version
            : throw new KeyNotFoundException(
                $"Detector '{detector}' has no version '{version}' in {home}. There {(versions.Length == 0 ? "is none" : "are: " + string.Join(", ", versions))}.");
    }

    private static string BeforeCurrent(string detector, string home)
    {
        var versions = VersionsOf(home);
        _ = TryCurrentOf(home, out var named);
        var current = Array.IndexOf(versions, named);
        for (var i = current + 1; i < versions.Length; i++)
        {
            if (Describe(home, versions[i], false).Problem is null)
                return versions[i];
        }

        throw new KeyNotFoundException(
            $"Detector '{detector}' has no usable version before the current one in {home}. There {(versions.Length == 0 ? "is none" : "are: " + string.Join(", ", versions))}.");
    }

    // Versions sort by their names: one stored within the same second as another, or after the clock was set back, gets the second after the newest.
    private static DateTime StampAfter(string home, DateTimeOffset createdAt)
    {
        var created = createdAt.UtcDateTime;
        var newest = VersionsOf(home).FirstOrDefault()?.Split('-')[0];
        var isKnown = DateTime.TryParseExact(
            newest, StampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var before);
        return isKnown && created < before.AddSeconds(1) ? before.AddSeconds(1) : created;
    }

    private static void WriteCurrent(string home, string version)
    {
        var path = Path.Combine(home, CurrentName);
        var unfinished = Path.Combine(home, $"{UnfinishedPrefix}{CurrentName}-{Path.GetRandomFileName()}");
        try
        {
            WriteThrough(unfinished, Encoding.UTF8.GetBytes(version + "\n"));
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static void WriteThrough(string path, byte[] content)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    // The new version is stored and current already. What cannot be deleted now is listed as before and tried again after the next version.
    private void TidyUp(string home, ModelManifest current)
    {
        try
        {
            foreach (var version in VersionsOf(home).Skip(_keep).Where(version => version != current.Version))
            {
                // Renamed first, so that a crash in the middle leaves no half version.
                Directory.Move(Path.Combine(home, version), Path.Combine(home, DiscardedPrefix + version));
            }

            foreach (var discarded in Directory.GetDirectories(home, DiscardedPrefix + "*"))
                Delete(discarded);

            // Another process may be writing its version; after a day it is not.
            foreach (var unfinished in new DirectoryInfo(home).GetFileSystemInfos(UnfinishedPrefix + "*"))
            {
                if (unfinished.LastWriteTimeUtc >= current.CreatedAt.UtcDateTime.AddDays(-1))
                    continue;
                if (unfinished is DirectoryInfo folder)
                    folder.Delete(recursive: true);
                else
                    unfinished.Delete();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = $"{home}: versions beyond the newest {_keep} cannot be deleted: {e.Message}";
            return;
        }

        Problem = null;
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}

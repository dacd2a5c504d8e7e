using System.Globalization;

namespace AEAnomaly.Detection.History;

/// <summary>Names the files of remembered keys: FOLDER/TOPIC/PARTITION-OFFSET.keys, the offset being the one they stand for.</summary>
/// <param name="folder">Folder of a detector.</param>
internal sealed class HistoryFolder(string folder)
{
    /// <summary>How the names of files end that are not whole.</summary>
    public const string UnfinishedEnding = ".new";

    private const string Ending = ".keys";

    /// <summary>Gives the path of a file.</summary>
    public string PathOf(string topic, int partition, long offset) =>
        Path.Combine(folder, topic, string.Create(CultureInfo.InvariantCulture, $"{partition}-{offset}{Ending}"));

    /// <summary>Lists the offsets that files of a partition stand for, ascending.</summary>
    public List<long> Find(string topic, int partition)
    {
        var home = Path.Combine(folder, topic);
        if (!Directory.Exists(home))
            return [];
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{partition}-");
        return
        [
            .. Directory.GetFiles(home, $"{prefix}*{Ending}").Select(Path.GetFileNameWithoutExtension)
                .Select(name => long.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : -1)
                .Where(offset => offset >= 0).Order(),
        ];
    }

    /// <summary>Deletes the file of an offset.</summary>
    public void Delete(string topic, int partition, long offset) => File.Delete(PathOf(topic, partition, offset));

    /// <summary>Deletes what a process left half written that had the partition before.</summary>
    public void DeleteUnfinished(string topic, int partition)
    {
        var home = Path.Combine(folder, topic);
        if (!Directory.Exists(home))
            return;
        foreach (var file in Directory.GetFiles(home, string.Create(CultureInfo.InvariantCulture, $"{partition}-*{UnfinishedEnding}")))
            File.Delete(file);
    }
}

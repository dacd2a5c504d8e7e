namespace AEAnomaly.Detection.Replicas;

/// <summary>Knows how long files have held the same text, by this process's own clock: whoever writes them may have another, and so may the file system.</summary>
internal sealed class StillTexts(TimeProvider time)
{
    private readonly Dictionary<string, (string Text, long Since, bool HasChanged)> _seen = [];

    /// <summary>Notes the text of a file.</summary>
    /// <returns>For how long it is known to hold this text, and whether it is known to have held another.</returns>
    public (TimeSpan Unchanged, bool HasChanged) Note(string path, string text)
    {
        if (_seen.TryGetValue(path, out var seen) && seen.Text == text)
            return (time.GetElapsedTime(seen.Since), seen.HasChanged);
        var hasChanged = seen.Text is not null;
        _seen[path] = (text, time.GetTimestamp(), hasChanged);
        return (TimeSpan.Zero, hasChanged);
    }

    /// <summary>Forgets all files.</summary>
    public void Clear() => _seen.Clear();

    /// <summary>Forgets all files but some.</summary>
    public void KeepOnly(IReadOnlySet<string> paths)
    {
        foreach (var path in _seen.Keys.Where(path => !paths.Contains(path)).ToList())
            _seen.Remove(path);
    }
}

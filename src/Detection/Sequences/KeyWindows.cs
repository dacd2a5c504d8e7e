using AEAnomaly.Detection.Features;

namespace AEAnomaly.Detection.Sequences;

/// <summary>Keeps the windows of many keys within a byte budget; the keys not seen for longest leave first. Allocates only for keys it does not hold.</summary>
internal sealed class KeyWindows
{
    // The objects, arrays and dictionary entry around a window.
    private const int OverheadBytes = 256;

    private readonly Dictionary<byte[], KeyWindow> _windows;
    private readonly Dictionary<byte[], KeyWindow>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly int _window;
    private readonly int _width;
    private readonly int _blocks;
    private KeyWindow? _newest;
    private KeyWindow? _oldest;

    /// <summary>Creates an empty store.</summary>
    /// <param name="window">Records of a window.</param>
    /// <param name="width">Features of a record.</param>
    /// <param name="blocks">Blocks of a record.</param>
    /// <param name="budgetBytes">Memory for all windows; one key is always held.</param>
    public KeyWindows(int window, int width, int blocks, long budgetBytes)
    {
        (_window, _width, _blocks) = (window, width, blocks);
        _windows = new Dictionary<byte[], KeyWindow>(Utf8Comparer.Instance);
        _byBytes = _windows.GetAlternateLookup<ReadOnlySpan<byte>>();
        var bytes = ((long)window * ((width * sizeof(float)) + blocks)) + OverheadBytes;
        Capacity = (int)Math.Clamp(budgetBytes / bytes, 1, int.MaxValue);
    }

    /// <summary>Gets the number of keys that the budget holds.</summary>
    public int Capacity { get; }

    /// <summary>Gets the number of keys held.</summary>
    public int Count => _windows.Count;

    /// <summary>Gets the number of keys that left for others.</summary>
    public long Evicted { get; private set; }

    /// <summary>Finds the window of a key, or begins it; the key becomes the one used last.</summary>
    public KeyWindow Use(ReadOnlySpan<byte> key)
    {
        if (_byBytes.TryGetValue(key, out var found))
        {
            Unlink(found);
        }
        else
        {
            found = _windows.Count < Capacity ? new KeyWindow(_window, _width, _blocks) : TakeOldest();
            found.Key = key.ToArray();
            _windows.Add(found.Key, found);
        }

        found.Older = _newest;
        _newest?.Newer = found;
        _newest = found;
        _oldest ??= found;
        return found;
    }

    private KeyWindow TakeOldest()
    {
        var oldest = _oldest!;
        Unlink(oldest);
        _windows.Remove(oldest.Key);
        oldest.Clear();
        Evicted++;
        return oldest;
    }

    private void Unlink(KeyWindow window)
    {
        if (window.Newer is { } newer)
            newer.Older = window.Older;
        else
            _newest = window.Older;
        if (window.Older is { } older)
            older.Newer = window.Newer;
        else
            _oldest = window.Newer;
        (window.Newer, window.Older) = (null, null);
    }
}

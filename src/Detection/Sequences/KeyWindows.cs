using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Sequences;

/// <summary>Keeps the windows of many keys within a byte budget; the keys not seen for longest leave first. Allocates only for keys it does not hold. Not thread-safe.</summary>
internal sealed class KeyWindows
{
    // Records of a few lengths then share one place.
    private const int RecordRounding = 8;

    private readonly Dictionary<byte[], KeyWindow> _windows;
    private readonly Dictionary<byte[], KeyWindow>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly long _budgetBytes;
    private KeyWindow? _newest;
    private KeyWindow? _oldest;
    private KeyWindow? _spare;

    /// <summary>Creates an empty store.</summary>
    /// <param name="budgetBytes">Memory for all windows; one key is always held.</param>
    /// <param name="kept">Fields whose values are kept beside the encoded rows, so that another encoder can read them again; null keeps none.</param>
    public KeyWindows(long budgetBytes, FeatureSpec? kept = null)
    {
        _budgetBytes = budgetBytes;
        _windows = new Dictionary<byte[], KeyWindow>(Utf8Comparer.Instance);
        _byBytes = _windows.GetAlternateLookup<ReadOnlySpan<byte>>();
        Records = kept is null ? null : new RecordBytes(kept);
    }

    /// <summary>Gets what writes records as they came, or null when they are not kept.</summary>
    public RecordBytes? Records { get; }

    /// <summary>Gets the number of keys held.</summary>
    public int Count => _windows.Count;

    /// <summary>Gets the memory taken, at most the budget where more than one key is held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Gets the number of keys that left for others.</summary>
    public long Evicted { get; private set; }

    /// <summary>Finds the window of a key, or begins it; the key becomes the one used last.</summary>
    /// <param name="key">Key.</param>
    /// <param name="shape">Shape of a window that begins; one that is held may have another.</param>
    public KeyWindow Use(ReadOnlySpan<byte> key, WindowShape shape)
    {
        if (_byBytes.TryGetValue(key, out var found))
        {
            Unlink(found);
        }
        else
        {
            Evict(shape.Bytes, keep: 0);
            found = _spare is { } spare && spare.Shape == shape ? spare : new KeyWindow(shape);
            (_spare, found.EncodedBy, found.Key) = (null, null, key.ToArray());
            _windows.Add(found.Key, found);
            Bytes += found.Bytes;
        }

        found.Older = _newest;
        _newest?.Newer = found;
        _newest = found;
        _oldest ??= found;
        // A window taken over brings room for its records with it.
        Evict(0, keep: 1);
        return found;
    }

    /// <summary>Gives the window used last another shape; its records leave.</summary>
    public void Reshape(KeyWindow newest, WindowShape shape)
    {
        Bytes -= newest.Bytes;
        newest.Reshape(shape);
        Bytes += newest.Bytes;
        Evict(0, keep: 1);
    }

    /// <summary>Makes room in the window used last for a record of some bytes, and gives it.</summary>
    public Span<byte> NextRecord(KeyWindow newest, int recordBytes)
    {
        if (recordBytes > newest.RecordBytes)
        {
            Bytes -= newest.Bytes;
            newest.Widen((recordBytes + RecordRounding - 1) / RecordRounding * RecordRounding);
            Bytes += newest.Bytes;
            Evict(0, keep: 1);
        }

        return newest.NextRecord;
    }

    /// <summary>Removes the windows whose last record came from one of the partitions.</summary>
    public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        for (var window = _newest; window is not null;)
        {
            var older = window.Older;
            if (partitions.Contains((window.Topic, window.Partition)))
                Remove(window);
            window = older;
        }
    }

    /// <summary>Removes all windows.</summary>
    public void Clear()
    {
        _windows.Clear();
        (_newest, _oldest, _spare, Bytes) = (null, null, null, 0);
    }

    private void Evict(long neededBytes, int keep)
    {
        while (_windows.Count > keep && Bytes + neededBytes > _budgetBytes)
        {
            _spare = _oldest!;
            Remove(_spare);
            _spare.Clear();
            Evicted++;
        }
    }

    private void Remove(KeyWindow window)
    {
        Unlink(window);
        _windows.Remove(window.Key);
        Bytes -= window.Bytes;
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

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Knows the files of remembered keys that there are of a partition, by the offsets that they stand for.</summary>
internal sealed class KeptFiles
{
    private readonly SortedSet<long> _offsets = [];

    /// <summary>Gets or sets how far the partition is committed, -1 while it is not known.</summary>
    public long Committed { get; set; } = -1;

    /// <summary>Gets the files that cannot be used.</summary>
    public HashSet<long> Useless { get; } = [];

    /// <summary>Gets the latest offset of a file that can be used, -1 without one.</summary>
    public long Newest => _offsets.Count == 0 ? -1 : _offsets.Max;

    /// <summary>Adds a file that can be used.</summary>
    public void Add(long offset)
    {
        _offsets.Add(offset);
        Useless.Remove(offset);
    }

    /// <summary>Removes a file.</summary>
    public void Remove(long offset)
    {
        _offsets.Remove(offset);
        Useless.Remove(offset);
    }

    /// <summary>Finds the files that nobody needs, once there is one whose offset is committed.</summary>
    public bool TryFindNeedless(out long[] needless)
    {
        needless = [];
        if (_offsets.Count + Useless.Count < 2)
            return false;
        var committed = -1L;
        foreach (var offset in _offsets)
        {
            if (offset <= Committed)
                committed = offset;
        }

        if (committed >= 0)
            needless = [.. _offsets.Where(offset => offset < committed), .. Useless];
        return needless.Length > 0;
    }
}

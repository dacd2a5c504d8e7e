namespace AEAnomaly.Detection.History;

/// <summary>What the store itself knows of a key.</summary>
internal struct KeySlot
{
    /// <summary>Marks a slot that holds no key.</summary>
    public const long Free = long.MaxValue;

    /// <summary>Its name.</summary>
    public KeyName Name;

    /// <summary>Time of its newest record, in seconds since 1970-01-01 UTC.</summary>
    public double Seconds;

    /// <summary>When it was used last, counted in uses of the store; <see cref="Free"/> for a slot that holds no key.</summary>
    public long Used;

    /// <summary>Its records so far.</summary>
    public int Records;

    /// <summary>Where its last record came from, by the number of the partition.</summary>
    public int Partition;

    /// <summary>The next slot of the same bucket, or that is free; -1 for none.</summary>
    public int Next;

    /// <summary>The slot seen just after this one, -1 for none.</summary>
    public int Newer;

    /// <summary>The slot seen just before this one, -1 for none.</summary>
    public int Older;
}

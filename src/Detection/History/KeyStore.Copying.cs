namespace AEAnomaly.Detection.History;

/// <content>A copy of all keys as they are at one moment, taken in slices while they go on being used; and the way back.</content>
internal sealed partial class KeyStore
{
    private Action<int>? _copy;
    private long _copyUses;
    private int _copyEnd;
    private int _copied;
    private bool _isUnordered;

    /// <summary>Begins to copy the keys as they are now.</summary>
    /// <param name="copy">Takes a slot whose key has not changed since; called for each once, from <see cref="CopySome"/>, or just before the key changes or leaves.</param>
    public void BeginCopy(Action<int> copy) => (_copy, _copyUses, _copyEnd, _copied) = (copy, _uses, _used, 0);

    /// <summary>Copies some more of the keys that have not changed since.</summary>
    /// <param name="slots">Slots to look at.</param>
    /// <returns>Whether all are copied.</returns>
    public bool CopySome(int slots)
    {
        for (var left = slots; left > 0 && _copied < _copyEnd; left--)
        {
            var slot = _copied++;
            if (this[slot].Used <= _copyUses)
                _copy!(slot);
        }

        if (_copied < _copyEnd)
            return false;
        _copy = null;
        return true;
    }

    /// <summary>Gives a copy up.</summary>
    public void EndCopy() => _copy = null;

    /// <summary>Tells whether further keys fit beside those that are here.</summary>
    public bool HasRoomFor(int keys) => Count + (long)keys <= _capacity;

    /// <summary>Finds the first use of the keys that fit, of those that are here and those to be put back, where not all do.</summary>
    /// <param name="uses">When each of those to be put back was used.</param>
    public long FirstFitting(ReadOnlySpan<long> uses)
    {
        var all = new long[Count + uses.Length];
        var count = 0;
        for (var slot = 0; slot < _used; slot++)
        {
            if (this[slot].Used != KeySlot.Free)
                all[count++] = this[slot].Used;
        }

        uses.CopyTo(all.AsSpan(count));
        Array.Sort(all);
        return all[all.Length - _capacity];
    }

    /// <summary>Removes the keys used before others; they leave because those are put back.</summary>
    /// <param name="first">The first use of those that stay.</param>
    public void EvictBefore(long first)
    {
        for (var slot = 0; slot < _used; slot++)
        {
            if (this[slot].Used >= first)
                continue;
            Remove(slot);
            Evicted++;
        }
    }

    /// <summary>Puts a key back as it was; <see cref="Order"/> has to follow before any is used.</summary>
    /// <param name="key">What the store knew of it.</param>
    /// <param name="state">Its state.</param>
    /// <returns>False where it is not needed: the same key was used later, or there is no room.</returns>
    public bool Restore(in KeySlot key, ReadOnlySpan<byte> state)
    {
        var slot = Find(key.Name);
        if (slot >= 0 ? this[slot].Used >= key.Used : Count == _capacity)
            return false;
        if (slot < 0)
            slot = Add(key.Name);
        ref var restored = ref this[slot];
        (restored.Used, restored.Seconds, restored.Records, restored.Partition) = (key.Used, key.Seconds, key.Records, key.Partition);
        state.CopyTo(State(slot));
        _uses = Math.Max(_uses, key.Used);
        _isUnordered = true;
        return true;
    }

    /// <summary>Brings the keys into the order of their use, after some were put back.</summary>
    public void Order()
    {
        if (!_isUnordered)
            return;
        _isUnordered = false;
        var (uses, slots) = (new long[Count], new int[Count]);
        var count = 0;
        for (var slot = 0; slot < _used; slot++)
        {
            if (this[slot].Used != KeySlot.Free)
                (uses[count], slots[count++]) = (this[slot].Used, slot);
        }

        Array.Sort(uses, slots);
        (_newest, _oldest) = (None, None);
        foreach (var slot in slots)
            LinkNewest(slot);
    }

    private int Find(KeyName name)
    {
        var slot = _buckets[BucketOf(name)];
        while (slot >= 0 && this[slot].Name != name)
            slot = this[slot].Next;
        return slot;
    }

    // Before a key changes or leaves: the copy is to hold it as it was.
    private void Preserve(int slot)
    {
        if (_copy is { } copy && slot >= _copied && slot < _copyEnd && this[slot].Used <= _copyUses)
            copy(slot);
    }
}

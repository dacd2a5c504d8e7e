namespace AEAnomaly.Detection.History;

/// <summary>Holds the states of keys in a budget: each takes the same room, and those not seen for longest leave. Allocates only while it grows.</summary>
internal sealed partial class KeyStore
{
    private const int None = -1;
    private const int SlotsOfChunk = 1024;
    private const int SlotBytes = 72 + sizeof(int);

    private readonly List<KeySlot[]> _slots = [];
    private readonly List<byte[]> _states = [];
    private readonly int _stateBytes;
    private readonly int _capacity;
    private int[] _buckets = new int[256];
    private int _used;
    private int _free = None;
    private int _newest = None;
    private int _oldest = None;
    private long _uses;

    /// <summary>Creates an empty store.</summary>
    /// <param name="stateBytes">Bytes of a key's state.</param>
    /// <param name="budgetBytes">Memory for all of them.</param>
    public KeyStore(int stateBytes, long budgetBytes)
    {
        _stateBytes = stateBytes;
        _capacity = (int)Math.Clamp(budgetBytes / BytesOfKey, 1, int.MaxValue / 2);
        Array.Fill(_buckets, None);
    }

    /// <summary>Gets the keys remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the keys that left for others.</summary>
    public long Evicted { get; private set; }

    /// <summary>Gets the memory that a key takes, its place in the index included.</summary>
    public int BytesOfKey => SlotBytes + _stateBytes;

    /// <summary>Gets a slot.</summary>
    public ref KeySlot this[int slot] => ref _slots[slot / SlotsOfChunk][slot % SlotsOfChunk];

    /// <summary>Gets the state of a slot.</summary>
    public Span<byte> State(int slot) => _states[slot / SlotsOfChunk].AsSpan(slot % SlotsOfChunk * _stateBytes, _stateBytes);

    /// <summary>Finds a key or makes room for it, and marks it as the one seen last.</summary>
    /// <param name="name">Name of the key.</param>
    /// <returns>Its slot; no records are counted in it yet where the key is new, and its state is all zero.</returns>
    public int Use(KeyName name)
    {
        var slot = Find(name);
        if (slot < 0)
            return Add(name);
        Preserve(slot);
        if (slot != _newest)
        {
            Unlink(slot);
            LinkNewest(slot);
        }

        this[slot].Used = ++_uses;
        return slot;
    }

    /// <summary>Removes the keys whose last record came from a partition.</summary>
    /// <param name="partition">Number of the partition.</param>
    public void Forget(int partition)
    {
        for (var slot = _newest; slot >= 0;)
        {
            var older = this[slot].Older;
            if (this[slot].Partition == partition)
                Remove(slot);
            slot = older;
        }
    }

    private int Add(KeyName name)
    {
        if (Count == _capacity)
        {
            Remove(_oldest);
            Evicted++;
        }

        var slot = Take();
        if (Count > _buckets.Length)
            Rehash();
        ref var added = ref this[slot];
        ref var bucket = ref _buckets[BucketOf(name)];
        added = new KeySlot { Name = name, Used = ++_uses, Next = bucket };
        State(slot).Clear();
        bucket = slot;
        LinkNewest(slot);
        Count++;
        return slot;
    }

    private int Take()
    {
        if (_free >= 0)
        {
            var slot = _free;
            _free = this[slot].Next;
            return slot;
        }

        if (_used == _slots.Count * SlotsOfChunk)
        {
            _slots.Add(new KeySlot[SlotsOfChunk]);
            _states.Add(new byte[SlotsOfChunk * _stateBytes]);
        }

        return _used++;
    }

    private void Remove(int slot)
    {
        Preserve(slot);
        ref var link = ref _buckets[BucketOf(this[slot].Name)];
        while (link != slot)
            link = ref this[link].Next;
        link = this[slot].Next;
        Unlink(slot);
        (this[slot].Next, this[slot].Used) = (_free, KeySlot.Free);
        _free = slot;
        Count--;
    }

    private void Rehash()
    {
        Array.Resize(ref _buckets, _buckets.Length * 2);
        Array.Fill(_buckets, None);
        for (var slot = _newest; slot >= 0; slot = this[slot].Older)
        {
            ref var bucket = ref _buckets[BucketOf(this[slot].Name)];
            this[slot].Next = bucket;
            bucket = slot;
        }
    }

    private int BucketOf(KeyName name) => (int)(name.Hash & (uint)(_buckets.Length - 1));

    private void LinkNewest(int slot)
    {
        (this[slot].Older, this[slot].Newer) = (_newest, None);
        if (_newest >= 0)
            this[_newest].Newer = slot;
        else
            _oldest = slot;
        _newest = slot;
    }

    private void Unlink(int slot)
    {
        var (newer, older) = (this[slot].Newer, this[slot].Older);
        if (newer >= 0)
            this[newer].Older = older;
        else
            _newest = older;
        if (older >= 0)
            this[older].Newer = newer;
        else
            _oldest = newer;
    }
}

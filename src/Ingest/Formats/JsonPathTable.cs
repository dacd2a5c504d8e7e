using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Finds declared fields by the property names of one JSON object; a nested object has a table of its own.</summary>
/// <remarks>
/// A path "payer.country" is entered twice: as the literal property "payer.country" of the record and as "country" inside "payer". A message may use either.
/// Using both in one message is refused as a duplicate, because nothing says which of the two is meant.
/// </remarks>
internal sealed class JsonPathTable
{
    private readonly List<Entry> _entries = [];
    private Entry?[] _slots = [];
    private int _mask;

    private JsonPathTable()
    {
    }

    /// <summary>Builds the table of the record itself.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="nextOfSamePath">For each field, the next one read from the same path, or -1.</param>
    public static JsonPathTable Build(FeatureSpec spec, out int[] nextOfSamePath)
    {
        var root = new JsonPathTable();
        nextOfSamePath = new int[spec.Fields.Count];
        Array.Fill(nextOfSamePath, -1);
        var lastOfPath = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < spec.Fields.Count; i++)
        {
            if (!FeatureSpec.IsRead(spec.Fields[i]))
                continue;

            var path = spec.Fields[i].EffectivePath;
            if (lastOfPath.TryGetValue(path, out var previous))
                nextOfSamePath[previous] = i;
            else
                root.Add(path, i);
            lastOfPath[path] = i;
        }

        root.Seal();
        return root;
    }

    /// <summary>Finds the entry of a property.</summary>
    /// <param name="name">Unescaped name, UTF-8.</param>
    /// <returns>Null when nothing is declared there.</returns>
    public Entry? Find(ReadOnlySpan<byte> name)
    {
        var slots = _slots;
        var slot = (int)Hash(name) & _mask;
        while (slots[slot] is { } entry)
        {
            if (name.SequenceEqual(entry.Name))
                return entry;
            slot = (slot + 1) & _mask;
        }

        return null;
    }

    private void Add(string path, int field)
    {
        GetOrAdd(path).Field = field;
        var segments = path.Split('.');
        if (segments.Length == 1 || segments.Contains(""))
            return;

        var table = this;
        foreach (var segment in segments[..^1])
            table = table.GetOrAdd(segment).Nested ??= new JsonPathTable();
        table.GetOrAdd(segments[^1]).Field = field;
    }

    private Entry GetOrAdd(string name)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        var entry = _entries.Find(e => e.Name.AsSpan().SequenceEqual(utf8));
        if (entry is null)
            _entries.Add(entry = new Entry(utf8));
        return entry;
    }

    private void Seal()
    {
        // At most a quarter full, so that a name that is not declared mostly meets an empty slot at once.
        _slots = new Entry?[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, _entries.Count * 4))];
        _mask = _slots.Length - 1;
        foreach (var entry in _entries)
        {
            var slot = (int)Hash(entry.Name) & _mask;
            while (_slots[slot] is not null)
                slot = (slot + 1) & _mask;
            _slots[slot] = entry;
            entry.Nested?.Seal();
        }
    }

    /// <summary>Mixes length, first and last bytes: names that agree in all of these are told apart by the comparison that follows.</summary>
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        ulong first, last;
        if (name.Length >= 8)
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(name);
            last = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        }
        else if (name.Length >= 4)
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(name);
            last = BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]);
        }
        else
        {
            first = 0;
            last = 0;
            foreach (var c in name)
                first = (first << 8) | c;
        }

        var mixed = ((first * 0x9E3779B97F4A7C15) ^ BitOperations.RotateLeft(last, 29) ^ (ulong)name.Length) * 0xD6E8FEB86659FD93;
        return (uint)(mixed >> 32);
    }

    /// <summary>Holds what is declared under one property name.</summary>
    internal sealed class Entry(byte[] name)
    {
        /// <summary>Gets the property name, UTF-8.</summary>
        public byte[] Name { get; } = name;

        /// <summary>Gets or sets the first field read from here, or -1.</summary>
        public int Field { get; set; } = -1;

        /// <summary>Gets or sets what is declared inside, when the value is an object.</summary>
        public JsonPathTable? Nested { get; set; }

        /// <summary>Gets the first field declared here or inside, for messages.</summary>
        public int AnyField => Field >= 0 ? Field : Nested!._entries[0].AnyField;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AEAnomaly.Detection.History;

/// <content>What is remembered of partitions, on its way to files and back.</content>
public sealed partial class KeyHistory
{
    private string? _fingerprint;

    /// <summary>Gets what tells one declaration of history, and the fields that it reads, from another.</summary>
    internal string Fingerprint => _fingerprint ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Spec.Hash} half-lives {string.Join(' ', _history.HalfLives.Select(life => life.Ticks))}, {_history.UsualHalfLife.Ticks}, {_layout.Bytes} bytes"))));

    /// <summary>Gets the bytes of a key's state in a file.</summary>
    internal int StateBytes => _layout.Bytes;

    /// <summary>Gets the partitions of which something is remembered.</summary>
    internal IEnumerable<PartitionPast> Partitions => _partitions.Where(partition => partition.Next >= 0);

    /// <summary>Describes what is remembered of a partition now, all but its keys.</summary>
    internal HistoryHeader Describe(PartitionPast partition)
    {
        var population = partition.Population ?? new Population(_layout);
        var state = new byte[population.StateBytes];
        population.Write(state);
        return new HistoryHeader(Fingerprint, partition.Topic, partition.TopicId, partition.Partition, partition.Next, state);
    }

    /// <summary>Begins to copy the keys of partitions as they are now, while they go on being used.</summary>
    /// <param name="partitions">Where to, by partition; keys of others are passed over.</param>
    internal void BeginCopy(IReadOnlyDictionary<PartitionPast, KeyBlocks> partitions)
    {
        var byIndex = _partitions.ConvertAll(partitions.GetValueOrDefault);
        _keys.BeginCopy(slot =>
        {
            ref var key = ref _keys[slot];
            byIndex[key.Partition]?.Add(key, _keys.State(slot));
        });
    }

    /// <summary>Copies some more keys.</summary>
    /// <param name="keys">Keys to look at.</param>
    /// <returns>Whether all are copied.</returns>
    internal bool CopySome(int keys) => _keys.CopySome(keys);

    /// <summary>Gives a copy up.</summary>
    internal void EndCopy() => _keys.EndCopy();

    /// <summary>Takes over what a file holds, in place of what is remembered of its partition.</summary>
    /// <exception cref="InvalidDataException">It does not hold what a file of this declaration does.</exception>
    internal void Restore(HistoryFileReader file)
    {
        var header = file.Header;
        var populationBytes = new Population(_layout).StateBytes;
        if (header.Population.Length != populationBytes || file.Count < 0)
            throw new InvalidDataException($"it holds {header.Population.Length} bytes of what is usual (expected {populationBytes}) and {(file.Count < 0 ? "a part of a key" : "keys")}");
        Forget(new HashSet<(string, int)> { (header.Topic, header.Partition) });
        var index = IndexOf(string.Intern(header.Topic), header.Partition);
        var partition = _partitions[index];
        (partition.TopicId, partition.Next, partition.Population) = (header.TopicId, header.Offset, new Population(_layout));
        partition.Population.Read(header.Population);

        var first = MakeRoom(file);
        file.Read(saved =>
        {
            var key = SavedKey.Read(saved, out var state);
            key.Partition = index;
            if (key.Used >= first)
                _keys.Restore(key, state);
        });
        Measure();
    }

    // Of all keys, those that are here and those to come, the ones used last stay. The file is read for that only where they do not all fit.
    private long MakeRoom(HistoryFileReader file)
    {
        if (_keys.HasRoomFor(file.Count))
            return long.MinValue;
        var uses = new long[file.Count];
        var count = 0;
        file.Read(saved => uses[count++] = SavedKey.UsedOf(saved));
        var first = _keys.FirstFitting(uses);
        _keys.EvictBefore(first);
        return first;
    }
}

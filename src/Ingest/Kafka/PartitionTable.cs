using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Holds the positions of the partitions assigned to this member, found by librdkafka's topic handle without allocating.</summary>
internal sealed class PartitionTable
{
    private readonly Dictionary<(string Topic, int Partition), PartitionPosition> _positions = [];
    // Handles live as long as an assignment; emptied whenever it changes, since an address may be used again.
    private readonly Dictionary<(nint Topic, int Partition), PartitionPosition?> _byHandle = [];

    public int Count => _positions.Count;

    public IReadOnlyCollection<PartitionPosition> Positions => _positions.Values;

    /// <summary>Finds the partition of a message.</summary>
    /// <returns>Null when it is not, or no longer, assigned to this member.</returns>
    public PartitionPosition? Find(nint topic, int partition)
    {
        if (_byHandle.TryGetValue((topic, partition), out var position))
            return position;
        position = _positions.GetValueOrDefault((TopicName(topic), partition));
        _byHandle[(topic, partition)] = position;
        return position;
    }

    public PartitionPosition? Find(string topic, int partition) => _positions.GetValueOrDefault((topic, partition));

    /// <summary>Adds partitions whose positions are not known yet.</summary>
    public List<PartitionPosition> Add(List<TopicPartition> partitions)
    {
        _byHandle.Clear();
        return partitions.ConvertAll(partition =>
        {
            // One string for all records of a topic.
            var topic = string.Intern(partition.Topic);
            return _positions[(topic, partition.Partition.Value)] = new PartitionPosition(topic, partition.Partition.Value);
        });
    }

    public void Remove(IEnumerable<TopicPartition> partitions)
    {
        _byHandle.Clear();
        foreach (var partition in partitions)
            _positions.Remove((partition.Topic, partition.Partition.Value));
    }

    public List<TopicPartition> ToList() => [.. _positions.Keys.Select(key => new TopicPartition(key.Topic, key.Partition))];

    private static unsafe string TopicName(nint topic) =>
        System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)Librdkafka.TopicName(topic)) ?? "";
}

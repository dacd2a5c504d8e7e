namespace AEAnomaly.Detection.History;

/// <summary>Tells up to where the records of a partition are remembered, and what is usual there.</summary>
/// <param name="topic">Topic.</param>
/// <param name="partition">Partition.</param>
internal sealed class PartitionPast(string topic, int partition)
{
    /// <summary>Gets the topic.</summary>
    public string Topic { get; } = topic;

    /// <summary>Gets the partition.</summary>
    public int Partition { get; } = partition;

    /// <summary>Gets or sets the id of the topic that the records came from; null where the brokers tell none.</summary>
    public string? TopicId { get; set; }

    /// <summary>Gets or sets the offset after the last record that is remembered, -1 for none.</summary>
    public long Next { get; set; } = -1;

    /// <summary>Gets or sets what is usual among all keys, or null before the first record with a key.</summary>
    public Population? Population { get; set; }

    /// <summary>Forgets all.</summary>
    public void Clear() => (TopicId, Next, Population) = (null, -1, null);
}

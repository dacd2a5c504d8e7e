namespace AEAnomaly.Ingest.Kafka;

/// <summary>Names the topics between which one detector stands.</summary>
/// <param name="Name">The detector; label of its metrics and logs.</param>
/// <param name="Topics">Input topics, at least one.</param>
/// <param name="AlertTopic">Topic that alerts go to.</param>
/// <param name="DeadLetterTopic">Topic that bad input goes to.</param>
/// <param name="GroupId">Consumer group; one of its own for each detector.</param>
/// <param name="ScoresTopic">Topic that the score of every record goes to, or null.</param>
/// <param name="IsExactlyOnce">Whether output and offsets become one transaction.</param>
/// <param name="DeadLetterLimit">When it stops because too many records are bad; null for never.</param>
public sealed record DetectorRoute(
    string Name, IReadOnlyList<string> Topics, string AlertTopic, string DeadLetterTopic, string GroupId, string? ScoresTopic = null, bool IsExactlyOnce = false,
    DeadLetterLimit? DeadLetterLimit = null)
{
    /// <summary>Gets where records are written on to under their key, by which all of a key lie in one partition; null where they are judged as they come.</summary>
    public Repartitioning? Repartitioning { get; init; }

    /// <summary>Gets whether what is read are such copies: who is told of a record is told of the original.</summary>
    public bool ReadsCopies { get; init; }

    /// <summary>Gives the two ways of a detector whose records are written on under a key first: to the topic of copies, by a group of its own, and on from there.</summary>
    /// <param name="topic">Topic of the copies.</param>
    /// <param name="key">Index of the field that becomes their key.</param>
    public (DetectorRoute ToCopies, DetectorRoute OfCopies) Repartition(string topic, int key) =>
        (this with { Name = Name + ".repartition", GroupId = GroupId + ".repartition", ScoresTopic = null, Repartitioning = new Repartitioning(Name, topic, key) },
            this with { Topics = [topic], ReadsCopies = true });
}

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
    DeadLetterLimit? DeadLetterLimit = null);

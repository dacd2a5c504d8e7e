namespace AEAnomaly.Ingest.Kafka;

/// <summary>States what a produced message is.</summary>
internal enum OutboundKind
{
    Alert,
    DeadLetter,
    Score,
}

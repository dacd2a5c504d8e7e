namespace AEAnomaly.Ingest.Kafka;

/// <summary>States what a produced message is.</summary>
internal enum OutboundKind
{
    Alert,
    DeadLetter,
    Score,

    /// <summary>A record that is written on under its key.</summary>
    Copy,
}

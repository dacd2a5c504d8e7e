namespace AEAnomaly.Ingest.Kafka;

/// <summary>Says which share of its records a detector may set aside as dead letters before it stops reading.</summary>
/// <param name="Share">More than this share of the window stops it, above 0; 1 never does.</param>
/// <param name="Window">How many of the last records count, and the least that are looked at.</param>
public sealed record DeadLetterLimit(double Share, int Window);

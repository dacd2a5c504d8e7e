namespace AEAnomaly.Ingest.Kafka;

/// <summary>Says how records are written on.</summary>
/// <param name="Detector">Detector that judges the copies; its name stands in dead letters.</param>
/// <param name="Topic">Topic of the copies.</param>
/// <param name="Key">Index of the field that becomes their key.</param>
public sealed record Repartitioning(string Detector, string Topic, int Key);

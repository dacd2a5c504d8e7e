namespace AEAnomaly.Detection.Streaming;

/// <summary>Names the stretch of a partition that was read.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Partition">Partition.</param>
/// <param name="FromOffset">First offset read.</param>
/// <param name="ToOffset">Offset after the last one read.</param>
public readonly record struct HistoryRange(string Topic, int Partition, long FromOffset, long ToOffset);

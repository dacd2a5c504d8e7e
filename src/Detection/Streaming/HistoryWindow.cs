namespace AEAnomaly.Detection.Streaming;

/// <summary>Says which past records a training wants.</summary>
/// <param name="Age">Oldest record wanted, by the broker's timestamp before now; null for everything kept.</param>
/// <param name="MaxRecords">Records at most; the newest ones are read.</param>
public readonly record struct HistoryWindow(TimeSpan? Age, int MaxRecords);

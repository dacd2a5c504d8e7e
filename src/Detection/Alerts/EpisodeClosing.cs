namespace AEAnomaly.Detection.Alerts;

/// <summary>Names an episode that ended.</summary>
/// <param name="Episode">The episode.</param>
/// <param name="Reason">"quiet" (the gap passed), "evicted" (too many were open) or "late" (its record came after a newer episode had begun).</param>
internal readonly record struct EpisodeClosing(Episode Episode, string Reason);

namespace AEAnomaly.Detection.Alerts;

/// <summary>Names an episode that ended.</summary>
/// <param name="Episode">The episode.</param>
/// <param name="Reason">"quiet" (the entity went on after the gap, or nothing came for it), "late" (likewise, and a later episode of its key was open when it began) or "evicted" (too many were open).</param>
internal readonly record struct EpisodeClosing(Episode Episode, string Reason);

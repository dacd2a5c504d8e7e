namespace AEAnomaly.Detection.Replicas;

/// <summary>What a process writes while it is its turn to train, and when that is over. Times are those of its own clock: for people, and roughly.</summary>
/// <param name="Owner">The process.</param>
/// <param name="Purpose">Why it trains: "bootstrap", "schedule", "request".</param>
/// <param name="Since">When its turn began.</param>
/// <param name="Renewed">When it was last heard of.</param>
/// <param name="Released">When its turn was over, or null.</param>
internal sealed record LeaseRecord(ReplicaIdentity Owner, string Purpose, DateTimeOffset Since, DateTimeOffset Renewed, DateTimeOffset? Released);

namespace AEAnomaly.Detection.Replicas;

/// <summary>What a process writes again and again while it is at work.</summary>
/// <param name="Owner">The process.</param>
/// <param name="Since">When it began, by its own clock.</param>
/// <param name="Renewed">When it wrote this, by its own clock.</param>
internal sealed record PresenceRecord(ReplicaIdentity Owner, DateTimeOffset Since, DateTimeOffset Renewed);

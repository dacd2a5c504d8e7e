namespace AEAnomaly.Detection.Replicas;

/// <summary>Names a process to the others that keep their models in the same folder.</summary>
/// <param name="Name">Name for people: its host's, or the one that it was given.</param>
/// <param name="Process">Its number there.</param>
/// <param name="Id">What no other process has, nor the next one of the same name.</param>
internal sealed record ReplicaIdentity(string Name, int Process, string Id)
{
    public override string ToString() => $"{Name}, process {Process}";
}

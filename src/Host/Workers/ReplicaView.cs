using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Workers;

/// <summary>What tells whether a detector is read by several processes, and whether they have the same models.</summary>
/// <param name="Name">Name of the detector.</param>
/// <param name="Group">Group that it reads as.</param>
/// <param name="Status">Tells where its consumer stands.</param>
/// <param name="SharesModels">Tells whether other processes at work have the same models.</param>
internal sealed record ReplicaView(string Name, string Group, Func<ConsumerStatus> Status, Func<bool> SharesModels)
{
    public static ReplicaView Of(DetectorRuntime runtime) => new(runtime.Name, runtime.Consumer.Route.GroupId, () => runtime.Consumer.Status, () => runtime.Detector.SharesModels);
}

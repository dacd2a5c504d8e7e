using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Workers;

/// <summary>Says once for each detector when others read some of its partitions and have models of their own: the same record may then be judged differently by each.</summary>
/// <param name="replicas">What is known of each detector.</param>
/// <param name="folder">Folder of this process's models.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Receives logs.</param>
internal sealed partial class SharedModelsCheck(IReadOnlyList<ReplicaView> replicas, string folder, TimeProvider time, ILogger<SharedModelsCheck> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    // Long enough for a group to settle, for a restarted member to come back, and for others to say that they are at work.
    private static readonly TimeSpan SaidAfter = TimeSpan.FromMinutes(1);

    private readonly Dictionary<ReplicaView, long> _since = [];
    private readonly HashSet<ReplicaView> _said = [];

    /// <summary>Looks once.</summary>
    public void Look()
    {
        foreach (var replica in replicas.Where(replica => !_said.Contains(replica)))
        {
            var status = replica.Status();
            if (!LeavesSomeToOthers(status) || replica.SharesModels())
                _since.Remove(replica);
            else if (!_since.TryAdd(replica, time.GetTimestamp()) && time.GetElapsedTime(_since[replica]) >= SaidAfter && _said.Add(replica))
                Log.ModelsOfItsOwn(logger, replica.Name, replica.Group, status.TopicPartitions - status.AssignedPartitions, status.TopicPartitions, folder);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            Look();
    }

    /// <summary>Tells whether other members of the group have partitions; one that has none itself may be one that is not in the group.</summary>
    internal static bool LeavesSomeToOthers(ConsumerStatus status) =>
        status.BrokerReachable && status.AssignedPartitions < status.TopicPartitions && (status.AssignedPartitions > 0 || status.State == ConsumerState.Spare);

    private static partial class Log
    {
        [LoggerMessage(4030, LogLevel.Warning, "Detector {Detector}: others of the group {Group} read {Others} of its {Partitions} partitions, and none of them keeps its models in {Folder}: "
            + "each process trains its own, and they may judge the same record differently. Let models.directory of all be one folder that all can write")]
        public static partial void ModelsOfItsOwn(ILogger logger, string detector, string group, int others, int partitions, string folder);
    }
}

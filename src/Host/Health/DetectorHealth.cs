namespace AEAnomaly.Host.Health;

/// <summary>Tells where one detector stands, in the body of the health and admin endpoints.</summary>
/// <param name="Name">Name.</param>
/// <param name="State">warming, training, scoring, failed, or halted by too many dead letters.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="Progress">Part done of the wait or training, 0 to 1, or null.</param>
/// <param name="EtaSeconds">Estimated seconds until it scores, or null.</param>
/// <param name="ModelVersion">Version that scores, or null.</param>
/// <param name="TrainedOn">Device that trained it: native, torch or cuda; null without a version.</param>
/// <param name="Retraining">True while a training runs beside the scoring.</param>
/// <param name="AssignedPartitions">Partitions this process reads.</param>
/// <param name="BrokerReachable">False while no broker answers.</param>
/// <param name="CanPublish">False while alerts or dead letters do not go out.</param>
/// <param name="Lag">Records of the assigned partitions not processed yet, or null when unknown.</param>
/// <param name="SecondsSinceLoop">Seconds since the consumer's loop turned last.</param>
/// <param name="LastError">What is wrong, or else what should be known of the keys; null when nothing is.</param>
internal sealed record DetectorHealth(
    string Name,
    string State,
    string Reason,
    double? Progress,
    double? EtaSeconds,
    string? ModelVersion,
    string? TrainedOn,
    bool Retraining,
    int AssignedPartitions,
    bool BrokerReachable,
    bool CanPublish,
    long? Lag,
    double SecondsSinceLoop,
    string? LastError);

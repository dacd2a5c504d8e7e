namespace AEAnomaly.Ingest.Kafka;

/// <summary>States what a consumer is doing.</summary>
public enum ConsumerState
{
    /// <summary>Not started, or no broker has answered yet.</summary>
    Connecting,

    /// <summary>Connected, but not in the group yet: it is rebalancing, or a topic is missing.</summary>
    Joining,

    /// <summary>In the group, which has more members than partitions: takes over what another leaves.</summary>
    Spare,

    /// <summary>Partitions are assigned and paused until a model is loaded.</summary>
    WaitingForModel,

    /// <summary>Partitions are paused until alerts and dead letters are acknowledged.</summary>
    WaitingForOutput,

    /// <summary>Partitions are paused because too many of the last records went to the dead letters, until <see cref="DetectorConsumer.Resume"/>.</summary>
    Halted,

    /// <summary>Records are read and handed over.</summary>
    Running,

    /// <summary>Left the group as asked.</summary>
    Stopped,

    /// <summary>Ended with an error.</summary>
    Failed,
}

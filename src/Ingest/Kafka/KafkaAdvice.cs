using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Says in one sentence what an error of Kafka means here and what to do.</summary>
internal static class KafkaAdvice
{
    public static bool IsUnknownTopic(ErrorCode code) =>
        code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    public static string ForReading(string topic, Error error) => error.Code switch
    {
        _ when IsUnknownTopic(error.Code) => ForMissingInput(topic, wasThere: false),
        ErrorCode.TopicAuthorizationFailed => $"topic '{topic}' may not be read by this user; grant it READ and DESCRIBE",
        _ when ConnectionAdvice.IsAuthentication(error.Code) => ConnectionAdvice.ForCredentials(error),
        _ => $"reading topic '{topic}' failed: {error.Reason} ({error.Code})",
    };

    public static string ForMissingInput(string topic, bool wasThere) => wasThere
        ? $"topic '{topic}' was deleted; create it again, or take it out of the detector's topics. Reading begins at its beginning within 10 s of its creation"
        : $"topic '{topic}' does not exist; create it, or correct the detector's topics. Reading begins within 10 s of its creation";

    public static string ForMissingOutput(string topic, bool wasThere) => wasThere
        ? $"topic '{topic}' cannot be written because it was deleted; create it again"
        : $"topic '{topic}' cannot be written because it does not exist; create it";

    /// <summary>Says what keeps a consumer out of its group.</summary>
    public static string ForJoining(string group, string assignor, Error error) => error.Code switch
    {
        ErrorCode.GroupAuthorizationFailed => $"the group '{group}' may not be joined by this user; grant it READ on the group, or set kafka.group_id",
        ErrorCode.InconsistentGroupProtocol =>
            $"the group '{group}' cannot be joined: another member assigns partitions another way (here {assignor}; {error.Reason}). Find it with kafka-consumer-groups --describe --members and stop it, "
            + "or set another kafka.group_id, or the member's assignor as partition.assignment.strategy under kafka.properties",
        ErrorCode.UnsupportedAssignor => $"the group '{group}' cannot be joined: the broker does not know the assignor of group.remote.assignor; correct it under kafka.properties ({error.Reason})",
        ErrorCode.GroupMaxSizeReached => $"the group '{group}' cannot be joined: it is full (the broker's group.max.size); stop a member",
        ErrorCode.InvalidSessionTimeout => $"the group '{group}' cannot be joined: the broker does not allow this session.timeout.ms; correct it under kafka.properties ({error.Reason})",
        _ when ConnectionAdvice.IsAuthentication(error.Code) => ConnectionAdvice.ForCredentials(error),
        _ => $"the group '{group}' cannot be joined: {error.Reason} ({error.Code}); it is tried again",
    };

    public static string ForPublishing(string topic, Error error) => error.Code switch
    {
        _ when IsUnknownTopic(error.Code) => ForMissingOutput(topic, wasThere: false),
        ErrorCode.TopicAuthorizationFailed => $"topic '{topic}' may not be written by this user; grant it WRITE",
        ErrorCode.ClusterAuthorizationFailed => $"topic '{topic}' cannot be written: this user may not produce idempotently; grant it IDEMPOTENT_WRITE on the cluster",
        ErrorCode.InvalidTimestamp => $"topic '{topic}' refuses the time of a record as too far from the broker's clock; correct the clock of this machine (or the records' times), "
            + "or raise message.timestamp.after.max.ms of the topic",
        ErrorCode.MsgSizeTooLarge => $"topic '{topic}' refuses a message as too large; raise its max.message.bytes",
        ErrorCode.Local_MsgTimedOut => $"topic '{topic}' did not acknowledge in time; the broker may be down",
        _ when ConnectionAdvice.IsAuthentication(error.Code) => ConnectionAdvice.ForCredentials(error),
        _ => $"publishing to topic '{topic}' failed: {error.Reason} ({error.Code})",
    };

    public static string ForSilentOutput(string topic, TimeSpan wait) =>
        $"topic '{topic}' has acknowledged nothing for {wait.TotalSeconds:0} s and more; its broker may be down, or fewer replicas in sync than min.insync.replicas";
}

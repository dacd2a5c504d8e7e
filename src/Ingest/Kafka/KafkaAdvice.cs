using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Says in one sentence what an error of Kafka means here and what to do.</summary>
internal static class KafkaAdvice
{
    public static bool IsUnknownTopic(ErrorCode code) =>
        code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    public static bool IsAuthentication(ErrorCode code) =>
        code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism or ErrorCode.IllegalSaslState;

    public static string ForReading(string topic, Error error) => error.Code switch
    {
        _ when IsUnknownTopic(error.Code) =>
            $"topic '{topic}' does not exist; create it, or correct the detector's topics. Reading begins within 10 s of its creation",
        ErrorCode.TopicAuthorizationFailed => $"topic '{topic}' may not be read by this user; grant it READ and DESCRIBE",
        ErrorCode.GroupAuthorizationFailed => "the consumer group may not be joined by this user; grant it READ on the group, or set kafka.group_id",
        _ when IsAuthentication(error.Code) => ForAuthentication(error),
        _ => $"reading topic '{topic}' failed: {error.Reason} ({error.Code})",
    };

    public static string ForPublishing(string topic, Error error) => error.Code switch
    {
        _ when IsUnknownTopic(error.Code) => $"topic '{topic}' cannot be written because it does not exist; create it",
        ErrorCode.TopicAuthorizationFailed => $"topic '{topic}' may not be written by this user; grant it WRITE",
        ErrorCode.ClusterAuthorizationFailed => $"topic '{topic}' cannot be written: this user may not produce idempotently; grant it IDEMPOTENT_WRITE on the cluster",
        ErrorCode.MsgSizeTooLarge => $"topic '{topic}' refuses a message as too large; raise its max.message.bytes",
        ErrorCode.Local_MsgTimedOut => $"topic '{topic}' did not acknowledge in time; the broker may be down",
        _ when IsAuthentication(error.Code) => ForAuthentication(error),
        _ => $"publishing to topic '{topic}' failed: {error.Reason} ({error.Code})",
    };

    public static string ForAuthentication(Error error) =>
        $"the broker refused the credentials: {error.Reason}; check sasl.mechanism, sasl.username, sasl.password and security.protocol under kafka.properties";
}

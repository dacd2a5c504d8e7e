using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Says that a transaction could not be finished: nothing of it is seen by whoever reads what is committed.</summary>
internal sealed class TransactionException(string message, bool isFenced, bool isRemedied = false) : KafkaException(new Error(isFenced ? ErrorCode.Local_Fenced : ErrorCode.Local_Application, message))
{
    /// <summary>Gets whether another process has taken over.</summary>
    public bool IsFenced { get; } = isFenced;

    /// <summary>Gets whether the next one does not fail for the same reason.</summary>
    public bool IsRemedied { get; } = isRemedied;
}

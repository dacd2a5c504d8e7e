namespace AEAnomaly.Detection.Configuration;

/// <summary>States how often what a detector publishes of a record may be seen.</summary>
public enum DeliveryGuarantee
{
    /// <summary>Once, and again after a crash, with the same id.</summary>
    AtLeastOnce,

    /// <summary>Once, by whoever reads with <c>read_committed</c>: output and offsets are one Kafka transaction.</summary>
    ExactlyOnce,
}

using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Workers;

/// <summary>Pairs a detector with the consumer that feeds it.</summary>
/// <param name="Detector">Judges.</param>
/// <param name="Consumer">Reads what it judges.</param>
/// <param name="History">Reads what it learns from.</param>
internal sealed record DetectorRuntime(Detector Detector, DetectorConsumer Consumer, KafkaRecordHistory History)
{
    private volatile string? _failure;

    /// <summary>Gets the detector's name.</summary>
    public string Name => Detector.Options.Name;

    /// <summary>Goes on with other credentials; any thread.</summary>
    public void Renew(KafkaRenewal renewal)
    {
        Consumer.Renew(renewal);
        History.Renew(renewal);
    }

    /// <summary>Gets or sets why it ended for good, or null.</summary>
    public string? Failure
    {
        get => _failure;
        set => _failure = value;
    }
}

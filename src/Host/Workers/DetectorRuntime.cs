using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Workers;

/// <summary>Pairs a detector with the consumer that feeds it.</summary>
internal sealed record DetectorRuntime(Detector Detector, DetectorConsumer Consumer)
{
    private volatile string? _failure;

    /// <summary>Gets the detector's name.</summary>
    public string Name => Detector.Options.Name;

    /// <summary>Gets or sets why it ended for good, or null.</summary>
    public string? Failure
    {
        get => _failure;
        set => _failure = value;
    }
}

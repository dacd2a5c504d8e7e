using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Workers;

/// <summary>Pairs a detector with the consumer that feeds it.</summary>
/// <param name="Detector">Judges.</param>
/// <param name="Consumer">Reads what it judges.</param>
/// <param name="History">Reads what it learns from.</param>
/// <param name="Copier">Writes the records on that the others read; null where they read them as they come.</param>
internal sealed record DetectorRuntime(Detector Detector, DetectorConsumer Consumer, KafkaRecordHistory History, DetectorConsumer? Copier = null)
{
    private volatile string? _failure;

    /// <summary>Gets the detector's name.</summary>
    public string Name => Detector.Options.Name;

    /// <summary>Gets all that reads for the detector, in the order of the records' way.</summary>
    public IReadOnlyList<DetectorConsumer> Consumers { get; } = Copier is null ? [Consumer] : [Copier, Consumer];

    /// <summary>Gets whether something stopped because too many records went to the dead letters.</summary>
    public bool IsHalted => Consumers.Any(consumer => consumer.IsHalted);

    /// <summary>Gets the records that are not judged yet, as far as is known; null before anything was fetched.</summary>
    public long? Lag => Consumer.Status.Lag is { } lag ? lag + (Copier?.Status.Lag ?? 0) : null;

    /// <summary>Goes on reading where it stopped because of dead letters.</summary>
    /// <returns>False where nothing had stopped.</returns>
    public bool Resume()
    {
        var goesOn = false;
        foreach (var consumer in Consumers)
            goesOn |= consumer.Resume();
        return goesOn;
    }

    /// <summary>Goes on with other credentials; any thread.</summary>
    public void Renew(KafkaRenewal renewal)
    {
        foreach (var consumer in Consumers)
            consumer.Renew(renewal);
        History.Renew(renewal);
    }

    /// <summary>Gets or sets why it ended for good, or null.</summary>
    public string? Failure
    {
        get => _failure;
        set => _failure = value;
    }
}

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Remembers what was refused as too large, for as long as the detector runs: a transaction that was given up for it must not do the same again. One thread.</summary>
internal sealed class SizeLimits(TimeProvider time)
{
    // Somebody may have raised the topic's limit since then.
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private readonly (int Bytes, long At)?[] _refused = new (int, long)?[Enum.GetValues<OutboundKind>().Length];

    /// <summary>Gets how large the batches of a producer may be.</summary>
    /// <value>No limit of its own until a batch was refused.</value>
    public int BatchBytes { get; private set; } = int.MaxValue;

    /// <summary>Takes in that a batch was refused which may have held several messages.</summary>
    /// <param name="batchBytes">What the producer's batches were bounded by.</param>
    public void RefuseBatch(int batchBytes) => BatchBytes = Math.Max(1, batchBytes / 4);

    /// <summary>Takes in that a message was refused by itself.</summary>
    public void Refuse(OutboundMessage message)
    {
        if (!IsRefused(message))
            _refused[(int)message.Kind] = (message.WireBytes, time.GetTimestamp());
    }

    /// <summary>Tells whether a message is as large as one of its kind that was refused within the last hour.</summary>
    public bool IsRefused(OutboundMessage message) =>
        _refused[(int)message.Kind] is { } smallest && message.WireBytes >= smallest.Bytes && time.GetElapsedTime(smallest.At) < KeptFor;
}

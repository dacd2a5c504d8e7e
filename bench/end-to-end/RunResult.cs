namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Holds what one run of one side measured; both sides print it as one line of JSON.</summary>
/// <param name="Records">Records measured, after the warm-up.</param>
/// <param name="WallSeconds">Time they took.</param>
/// <param name="ThreadSeconds">Processor time of the one application thread.</param>
/// <param name="ProcessSeconds">Processor time of the whole process, librdkafka's threads included.</param>
/// <param name="Total">Records processed, warm-up included.</param>
/// <param name="Anomalies">Records above the threshold.</param>
/// <param name="Published">Messages about them that the broker acknowledged.</param>
/// <param name="Committed">Offsets the group has committed at the end, summed: the records it is through with.</param>
/// <param name="Versions">What ran.</param>
/// <param name="AllocatedBytes">Bytes the managed heap gave the loop's thread while measured; null for the peer.</param>
/// <param name="ReadAllocatedBytes">The part of them between reading and the end of decoding, warm-up included; null for the peer.</param>
/// <param name="MeanBatch">Mean records of a batch; null for the peer.</param>
/// <param name="SecondHalf">The second half of the topic alone; null for the peer.</param>
internal sealed record RunResult(
    long Records,
    double WallSeconds,
    double ThreadSeconds,
    double ProcessSeconds,
    long Total,
    long Anomalies,
    long Published,
    long Committed,
    string Versions,
    long? AllocatedBytes = null,
    long? ReadAllocatedBytes = null,
    double? MeanBatch = null,
    HalfResult? SecondHalf = null)
{
    public double RecordsPerSecond => Records / WallSeconds;

    public double ThreadNanoseconds => ThreadSeconds / Records * 1e9;

    public double ProcessNanoseconds => ProcessSeconds / Records * 1e9;

    /// <summary>Says what is missing of a run that did not do all of its work.</summary>
    /// <param name="records">Records of the topic.</param>
    public InvalidOperationException Incomplete(long records) =>
        new($"A run is not complete: committed {Committed} of {records} records, published {Published} alerts of {Anomalies} anomalies ({Versions}).");
}

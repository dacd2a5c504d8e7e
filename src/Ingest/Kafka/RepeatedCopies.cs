using AEAnomaly.Detection.Records;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Tells copies of one partition that came before: at least once, a record may be copied again after a crash. One thread.</summary>
/// <remarks>
/// Of each partition that records are copied from, the last <see cref="SeenOffsets.Window"/> offsets are known, each by itself: the copies of two processes may be mixed for a moment, and what was never
/// seen must not pass for a repetition. Only where the brokers tell the ids of topics: otherwise the offsets of a topic that was deleted and created anew would look like those of the one before.
/// </remarks>
internal sealed class RepeatedCopies
{
    private readonly Dictionary<(string Topic, string TopicId, int Partition), SeenOffsets> _seen = [];

    /// <summary>Takes in the next copy.</summary>
    /// <param name="original">Where its record lies.</param>
    /// <param name="leaderEpoch">Leader epoch of its record.</param>
    /// <returns>Whether it came before.</returns>
    public bool IsRepeated(RecordPlace original, int leaderEpoch)
    {
        if (original.TopicId is not { } id)
            return false;
        var source = (original.Topic, id, original.Partition);
        if (!_seen.TryGetValue(source, out var seen))
            _seen.Add(source, seen = new SeenOffsets());
        return !seen.TryAdd(original.Offset, leaderEpoch);
    }
}

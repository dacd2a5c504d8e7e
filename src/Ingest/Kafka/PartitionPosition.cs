namespace AEAnomaly.Ingest.Kafka;

/// <summary>Tracks how far an assigned partition is read, processed, acknowledged and committed; offsets are "next to read", -1 while unknown.</summary>
/// <remarks>Every offset here counts in one log: that of <see cref="TopicId"/>, as long as the client goes on in it (<see cref="Follow"/>).</remarks>
internal sealed class PartitionPosition(string topic, int partition)
{
    public string Topic { get; } = topic;

    public int Partition { get; } = partition;

    /// <summary>The topic whose log the offsets count in; null where the brokers know no ids.</summary>
    public string? TopicId { get; set; }

    /// <summary>Whether it is known where to read; until then messages are passed over, and come again.</summary>
    public bool IsPlaced { get; private set; }

    /// <summary>Whether reading had begun, and the client went back by itself or the topic became another.</summary>
    public bool IsDisplaced { get; private set; }

    /// <summary>Whether it is known where to read, and the client is not there yet.</summary>
    public bool AwaitsSeek { get; private set; }

    /// <summary>Whether nothing is read of it until somebody says where to: its offset is in no log, and auto.offset.reset is error.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Where the client went back to; -1 when it did not.</summary>
    public long WentBackTo { get; private set; } = -1;

    /// <summary>The offset that the client gives next where none is missing.</summary>
    public long Next { get; private set; } = -1;

    /// <summary>The first offset missing since <see cref="TakeGap"/>, -1 for none.</summary>
    public long GapFrom { get; private set; } = -1;

    /// <summary>The offset after that gap.</summary>
    public long GapTo { get; private set; }

    /// <summary>The end of the partition when it was asked for last, -1 while it was not.</summary>
    public long End { get; set; } = -1;

    /// <summary>After the last message taken from the consumer; its record may still be in the batch.</summary>
    public long Read { get; set; } = -1;

    /// <summary>Leader epoch of that message, -1 while unknown.</summary>
    public int LeaderEpoch { get; set; } = -1;

    /// <summary>The first offset to process; what lies below is read again only to know what came before.</summary>
    public long FirstNew { get; private set; }

    /// <summary>After the last record that was processed, or is settled as a dead letter handed to the outbox.</summary>
    public long Processed { get; set; } = -1;

    /// <summary>What <see cref="Processed"/> was at the checkpoint that waits for its acknowledgements.</summary>
    public long Checkpoint { get; set; } = -1;

    /// <summary>What the checkpoint's commit carries, or carried.</summary>
    public long Committed { get; set; } = -1;

    /// <summary>Where copies are read, those that came before.</summary>
    public RepeatedCopies Copies { get; private set; } = new();

    /// <summary>Begins at an offset, or before it where the past is wanted.</summary>
    /// <param name="first">The first offset to process.</param>
    /// <param name="from">The offset to read from, at most <paramref name="first"/>.</param>
    /// <param name="committed">What the group has committed of this log, -1 for nothing.</param>
    /// <param name="leaderEpoch">Leader epoch of the record before <paramref name="first"/>, -1 while unknown.</param>
    public void Begin(long first, long from, long committed, int leaderEpoch)
    {
        (FirstNew, Read, Processed, Next) = (first, first, first, from);
        (Committed, Checkpoint, LeaderEpoch) = (committed, -1, leaderEpoch);
        (GapFrom, WentBackTo, End, IsDisplaced, IsPlaced, IsStopped) = (-1, -1, -1, false, true, false);
        // What is read once more is no repetition.
        Copies = new RepeatedCopies();
    }

    /// <summary>Says that the client has to be sent where reading begins.</summary>
    public void AwaitSeek() => (IsPlaced, AwaitsSeek) = (false, true);

    /// <summary>Says that the client is there.</summary>
    public void Arrive() => (IsPlaced, AwaitsSeek) = (true, false);

    /// <summary>Begins where the client begins; nothing is known of what came before.</summary>
    public void BeginAnywhere()
    {
        Begin(-1, -1, -1, -1);
        FirstNew = 0;
    }

    /// <summary>Says that it has to be found out anew where to read.</summary>
    /// <param name="wentBackTo">The offset that came although a later one was expected, or -1.</param>
    public void Displace(long wentBackTo) => (IsPlaced, IsDisplaced, WentBackTo) = (false, true, wentBackTo);

    /// <summary>Says that nothing is read of it any more.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>Takes the next offset that the client gives, or the end that it reached.</summary>
    /// <returns>False when it lies before what was given already: the log is another, or was cut.</returns>
    public bool Follow(long offset, long next)
    {
        if (offset < Next)
        {
            Displace(offset);
            return false;
        }

        if (offset > Next && Next >= 0 && GapFrom < 0)
            (GapFrom, GapTo) = (Next, offset);
        Next = next;
        return true;
    }

    /// <summary>Says that what comes from here on was not processed, although its offset lies below what was.</summary>
    public void StartNewAt(long offset) => (FirstNew, Read, Processed, Committed, Checkpoint) = (offset, offset, offset, -1, -1);

    /// <summary>Tells how many offsets lie in the gap below where the log begins, those that were to be read again and those that were to be processed, and forgets the gap.</summary>
    /// <param name="logStart">The first offset there is.</param>
    public (long Past, long Unread) TakeGap(long logStart)
    {
        var to = Math.Min(GapTo, logStart);
        var (past, unread) = (Math.Min(to, FirstNew) - GapFrom, to - Math.Max(GapFrom, FirstNew));
        GapFrom = -1;
        return (Math.Max(0, past), Math.Max(0, unread));
    }
}

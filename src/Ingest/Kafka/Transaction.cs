using System.Runtime.InteropServices;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Joins what a producer writes and what a group is through with to one transaction: both are seen, or neither. One thread at a time; nothing is produced while it commits.</summary>
/// <remarks>
/// Confluent.Kafka leaves the metadata of offsets out of a transaction (the topic's id lies there), so librdkafka is called directly. The group's generation goes with
/// the offsets: a member that lost its partitions is refused, whatever its transactional id (KIP-447).
/// </remarks>
internal sealed unsafe class Transaction(nint producer, nint consumer, TimeSpan bound)
{
    // What librdkafka names the cluster that it plays itself.
    private const string EmbeddedCluster = "mockCluster";

    private const int AbortSliceMs = 100;

    private readonly int _boundMs = (int)bound.TotalMilliseconds;
    private bool _isReady;

    /// <summary>Gets whether a transaction is open.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Fences a former process of the same transactional id, and ends what it left open; once, before it is asked how far the group is.</summary>
    /// <exception cref="TransactionException">The coordinator does not answer, or refuses.</exception>
    /// <exception cref="InvalidOperationException">The cluster is the embedded one.</exception>
    public void Prepare()
    {
        if (_isReady)
            return;
        RefuseEmbedded();
        Require(Librdkafka.InitTransactions(producer, _boundMs), "be prepared");
        _isReady = true;
    }

    /// <summary>Opens a transaction where none is open.</summary>
    /// <exception cref="TransactionException">The coordinator does not answer, or refuses.</exception>
    public void Begin()
    {
        if (IsOpen)
            return;
        Prepare();
        Require(Librdkafka.BeginTransaction(producer), "be opened");
        IsOpen = true;
    }

    /// <summary>Commits what was written, and the offsets with it. All that was produced must be acknowledged.</summary>
    /// <exception cref="TransactionException">It was not committed.</exception>
    public void Commit(IReadOnlyList<GroupOffset> offsets)
    {
        Begin();
        if (offsets.Count > 0)
        {
            using var list = GroupOffsetList.Of(offsets);
            var group = Librdkafka.ConsumerGroupMetadata(consumer);
            var error = Librdkafka.SendOffsetsToTransaction(producer, list.Handle, group, _boundMs);
            Librdkafka.ConsumerGroupMetadataDestroy(group);
            Require(error, "take the offsets");
        }

        Require(Librdkafka.CommitTransaction(producer, _boundMs), "be committed");
        IsOpen = false;
    }

    /// <summary>Gives a transaction up. Where that fails too, the coordinator does so after transaction.timeout.ms, or when the next one begins.</summary>
    /// <param name="serve">Takes in delivery reports: as long as one is not, librdkafka does not abort.</param>
    /// <returns>Why it could not, or null.</returns>
    public string? Abort(Action serve)
    {
        if (!IsOpen)
            return null;
        IsOpen = false;
        var leftMs = _boundMs;
        while (true)
        {
            var error = Librdkafka.AbortTransaction(producer, AbortSliceMs);
            if (error == 0)
                return null;
            leftMs -= AbortSliceMs;
            if (leftMs <= 0 || (ErrorCode)Librdkafka.ErrorCodeOf(error) != ErrorCode.Local_TimedOut)
                return Take(error).Text;
            Librdkafka.ErrorDestroy(error);
            serve();
        }
    }

    private void RefuseEmbedded()
    {
        var id = Librdkafka.ClusterId(producer, _boundMs);
        var name = Marshal.PtrToStringUTF8((nint)id) ?? "";
        if (id != null)
            Librdkafka.MemoryFree(producer, id);
        if (name.StartsWith(EmbeddedCluster, StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                "delivery: exactly_once needs a real broker: the embedded cluster stores no offsets of a transaction and shows aborted records; use at_least_once there");
        }
    }

    private static void Require(nint error, string what)
    {
        if (error == 0)
            return;
        var (text, isFenced) = Take(error);
        throw new TransactionException($"the transaction could not {what}: {text}; nothing of it is seen by readers of what is committed, its records are read again", isFenced);
    }

    private static (string Text, bool IsFenced) Take(nint error)
    {
        var code = (ErrorCode)Librdkafka.ErrorCodeOf(error);
        var text = $"{Marshal.PtrToStringUTF8((nint)Librdkafka.ErrorText(error))} ({code})";
        Librdkafka.ErrorDestroy(error);
        return (text, code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced or ErrorCode.FencedInstanceId or ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId);
    }
}

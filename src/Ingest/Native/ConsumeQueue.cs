using System.Runtime.InteropServices;

namespace AEAnomaly.Ingest.Native;

/// <summary>Reads a consumer's messages in place, many in one call, without a managed object each. One thread at a time.</summary>
internal sealed unsafe class ConsumeQueue : IDisposable
{
    private readonly int _capacity;
    private nint _queue;
    private NativeMessage** _messages;

    public ConsumeQueue(nint consumer, int capacity)
    {
        _capacity = capacity;
        _queue = Librdkafka.QueueGetConsumer(consumer);
        if (_queue == 0)
            throw new InvalidOperationException("librdkafka gave no queue for the consumer.");
        _messages = (NativeMessage**)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(NativeMessage*));
    }

    /// <summary>Gets a message of the last <see cref="Poll"/>; it lives until <see cref="Release"/>.</summary>
    public NativeMessage* this[int index] => _messages[index];

    /// <summary>Waits for a message, and then for as many as are wanted; serves rebalances and errors meanwhile, on this thread.</summary>
    /// <param name="idleMs">Time to wait for the first.</param>
    /// <param name="gatherMs">Time to wait for the others once it is there.</param>
    /// <param name="limit">Messages to return at most, at least 1.</param>
    /// <returns>Number of messages, each to be released.</returns>
    public int Poll(int idleMs, int gatherMs, int limit)
    {
        // librdkafka knows one time only, which it waits to the end where fewer come than are asked for.
        var count = Consume(idleMs, 0, 1);
        return count == 0 ? 0 : count + Consume(gatherMs, count, Math.Min(limit, _capacity) - count);
    }

    private int Consume(int timeoutMs, int first, int limit) =>
        limit == 0 ? 0 : (int)Math.Max(Librdkafka.ConsumeBatchQueue(_queue, timeoutMs, _messages + first, (nuint)limit), 0);

    /// <summary>Takes a message out of the queue: it lives until <see cref="Destroy"/>.</summary>
    public NativeMessage* Take(int index)
    {
        var message = _messages[index];
        _messages[index] = null;
        return message;
    }

    /// <summary>Gives a message that was taken back to librdkafka.</summary>
    public static void Destroy(NativeMessage* message) => Librdkafka.MessageDestroy(message);

    /// <summary>Gives a message back to librdkafka, if it was not taken.</summary>
    public void Release(int index)
    {
        if (_messages[index] == null)
            return;
        Librdkafka.MessageDestroy(_messages[index]);
        _messages[index] = null;
    }

    /// <summary>Frees the queue; before the consumer is disposed.</summary>
    public void Dispose()
    {
        if (_queue == 0)
            return;
        Librdkafka.QueueDestroy(_queue);
        _queue = 0;
        NativeMemory.Free(_messages);
        _messages = null;
    }
}

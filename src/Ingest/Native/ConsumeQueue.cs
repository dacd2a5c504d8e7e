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

    /// <summary>Waits until <paramref name="limit"/> messages are there or the time is over; serves rebalances and errors meanwhile, on this thread.</summary>
    /// <returns>Number of messages, each to be released.</returns>
    public int Poll(int timeoutMs, int limit)
    {
        var count = Librdkafka.ConsumeBatchQueue(_queue, timeoutMs, _messages, (nuint)Math.Min(limit, _capacity));
        return (int)Math.Max(count, 0);
    }

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

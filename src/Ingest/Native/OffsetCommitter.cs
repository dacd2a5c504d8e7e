using Confluent.Kafka;

namespace AEAnomaly.Ingest.Native;

/// <summary>Commits offsets without blocking the loop: one request at a time, its answer is asked for.</summary>
/// <remarks>Confluent.Kafka commits only synchronously, which holds the loop (and its heartbeat for health checks) for the whole of a broker's outage.</remarks>
internal sealed class OffsetCommitter : IDisposable
{
    private readonly nint _client;
    private nint _queue;

    public OffsetCommitter(nint client)
    {
        _client = client;
        _queue = Librdkafka.QueueNew(client);
    }

    /// <summary>Gets whether a request waits for its answer.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Sends a request.</summary>
    /// <param name="offsets">Next offset to read of each partition, at least one partition.</param>
    /// <returns>An error when it could not be sent.</returns>
    public unsafe ErrorCode Begin(IReadOnlyList<GroupOffset> offsets)
    {
        using var list = GroupOffsetList.Of(offsets);
        var code = (ErrorCode)Librdkafka.CommitQueue(_client, list.Handle, _queue, 0, 0);
        IsBusy = code == ErrorCode.NoError;
        return code;
    }

    /// <summary>Asks for the answer of the request.</summary>
    /// <param name="timeoutMs">Time to wait for it, 0 to only look.</param>
    /// <param name="result">The answer.</param>
    /// <returns>False while there is none.</returns>
    public bool TryComplete(int timeoutMs, out ErrorCode result)
    {
        result = ErrorCode.NoError;
        var answer = Librdkafka.QueuePoll(_queue, timeoutMs);
        if (answer == 0)
            return false;
        result = (ErrorCode)Librdkafka.EventError(answer);
        Librdkafka.EventDestroy(answer);
        IsBusy = false;
        return true;
    }

    /// <summary>Frees the queue; before the client is disposed.</summary>
    public void Dispose()
    {
        if (_queue == 0)
            return;
        Librdkafka.QueueDestroy(_queue);
        _queue = 0;
    }
}

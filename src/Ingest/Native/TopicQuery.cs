using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Native;

/// <summary>Asks a cluster about topics by name, one question at a time, without blocking and without creating any.</summary>
/// <remarks>
/// It is asked of a broker that answered before, and not of the controller, which the embedded cluster does not name. Metadata is always asked for by a topic:
/// without one <c>rd_kafka_metadata</c> asks for the topics the client has heard of and lets the broker create them (librdkafka 2.16, rdkafka_metadata.c, does
/// the opposite of its comment "Don't trigger auto-create for cached topics").
/// </remarks>
internal sealed unsafe class TopicQuery : IDisposable
{
    private const int NoBroker = -1;

    private readonly nint _client;
    private readonly nint _topic;
    private nint _queue;
    private int _broker = NoBroker;

    /// <param name="client">Client.</param>
    /// <param name="topic">One of the topics it reads.</param>
    public TopicQuery(nint client, string topic)
    {
        _client = client;
        _queue = Librdkafka.QueueNew(client);
        _topic = Librdkafka.TopicNew(client, topic, 0);
    }

    /// <summary>Gets whether a broker is known that can be asked.</summary>
    public bool HasBroker => _broker != NoBroker;

    /// <summary>Gets whether a question waits for its answer.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Finds a broker that answers.</summary>
    /// <returns>Why there is none, or <see cref="ErrorCode.NoError"/>.</returns>
    public ErrorCode FindBroker(TimeSpan bound)
    {
        NativeMetadata* metadata;
        var error = (ErrorCode)Librdkafka.Metadata(_client, 0, _topic, &metadata, (int)bound.TotalMilliseconds);
        if (error != ErrorCode.NoError)
            return error;
        _broker = metadata->Origin >= 0 ? metadata->Origin : metadata->BrokerCount > 0 ? *metadata->Brokers : NoBroker;
        Librdkafka.MetadataDestroy(metadata);
        return ErrorCode.NoError;
    }

    /// <summary>Asks the broker that was found.</summary>
    /// <param name="topics">Names, each once, at least one.</param>
    /// <param name="bound">The question is given up after this time.</param>
    public void Begin(string[] topics, TimeSpan bound)
    {
        var options = Librdkafka.AdminOptionsNew(_client, 0);
        var names = Librdkafka.TopicCollectionNew(topics, (nuint)topics.Length);
        const int ErrorSize = 256;
        var error = stackalloc byte[ErrorSize];
        _ = Librdkafka.AdminOptionsSetRequestTimeout(options, (int)bound.TotalMilliseconds, error, ErrorSize);
        _ = Librdkafka.AdminOptionsSetBroker(options, _broker, error, ErrorSize);
        Librdkafka.DescribeTopics(_client, names, options, _queue);
        Librdkafka.TopicCollectionDestroy(names);
        Librdkafka.AdminOptionsDestroy(options);
        IsBusy = true;
    }

    /// <summary>Takes the answer.</summary>
    /// <param name="timeoutMs">Time to wait for it, 0 to only look.</param>
    /// <param name="found">Receives what was found, or stays empty.</param>
    /// <param name="error">Why no broker answered, or <see cref="ErrorCode.NoError"/>.</param>
    /// <returns>False while there is no answer.</returns>
    public bool TryComplete(int timeoutMs, List<TopicFound> found, out ErrorCode error)
    {
        error = ErrorCode.NoError;
        var answer = Librdkafka.QueuePoll(_queue, timeoutMs);
        if (answer == 0)
            return false;
        IsBusy = false;
        error = (ErrorCode)Librdkafka.EventError(answer);
        if (error != ErrorCode.NoError)
        {
            // Another one may answer.
            _broker = NoBroker;
        }
        else
        {
            nuint count;
            var topics = Librdkafka.DescribedTopics(Librdkafka.EventDescribedTopics(answer), &count);
            for (nuint i = 0; i < count; i++)
            {
                nuint partitions;
                _ = Librdkafka.TopicDescriptionPartitions(topics[i], &partitions);
                found.Add(new TopicFound(
                    Marshal.PtrToStringUTF8((nint)Librdkafka.TopicDescriptionName(topics[i])) ?? "",
                    IdOf(topics[i]),
                    (int)partitions,
                    (ErrorCode)Librdkafka.ErrorCodeOf(Librdkafka.TopicDescriptionError(topics[i]))));
            }
        }

        Librdkafka.EventDestroy(answer);
        return true;
    }

    /// <summary>Frees queue and topic; before the client is disposed.</summary>
    public void Dispose()
    {
        if (_queue == 0)
            return;
        Librdkafka.TopicDestroy(_topic);
        Librdkafka.QueueDestroy(_queue);
        _queue = 0;
    }

    private static string? IdOf(nint description)
    {
        var id = Librdkafka.TopicDescriptionId(description);
        return id == 0 || (Librdkafka.UuidHigh(id) == 0 && Librdkafka.UuidLow(id) == 0) ? null : Marshal.PtrToStringUTF8((nint)Librdkafka.UuidText(id));
    }
}

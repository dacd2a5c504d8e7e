using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Takes a look at a topic: its newest messages, to propose a field list from.</summary>
public static class KafkaSampler
{
    /// <summary>Reads the values of the newest messages of a topic, shared out over its partitions; tombstones are left out.</summary>
    /// <param name="options">Cluster.</param>
    /// <param name="topic">Topic.</param>
    /// <param name="count">Messages at most, at least 1.</param>
    /// <param name="bound">The longest time it may take.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>At least one value.</returns>
    /// <exception cref="TopicUnavailableException">The topic does not exist or is empty, no broker answers, or the bound is over with nothing read.</exception>
    public static async Task<IReadOnlyList<byte[]>> ReadAsync(
        KafkaOptions options, string topic, int count, TimeSpan bound, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(bound);
        var values = new List<byte[]>();
        try
        {
            await Task.Factory.StartNew(() => Read(options, topic, count, values, limit.Token), limit.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The bound: what came until then is a sample too.
            if (values.Count == 0)
                throw new TopicUnavailableException($"Topic '{topic}' on {options.BootstrapServers} gave no message within {bound.TotalSeconds:0.#} s.");
        }

        if (values.Count == 0)
            throw new TopicUnavailableException($"Topic '{topic}' on {options.BootstrapServers} holds no message with a value; produce some first, or use a file.");
        return values;
    }

    private static void Read(KafkaOptions options, string topic, int count, List<byte[]> values, CancellationToken cancellationToken)
    {
        using var reader = new RangeReader(options, TimeProvider.System, NullLogger.Instance);
        var ranges = reader.Describe(topic, cancellationToken)
            ?? throw new TopicUnavailableException($"Topic '{topic}' does not exist on {options.BootstrapServers}; check the name.");
        reader.Read(
            KafkaRecordHistory.Newest(ranges, count),
            (payload, isTombstone, in _) =>
            {
                if (!isTombstone)
                    values.Add(payload.ToArray());
                return true;
            },
            cancellationToken);
    }
}

using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Asks a cluster which topics it has, without creating any.</summary>
public static class TopicCheck
{
    /// <summary>Finds the topics that do not exist.</summary>
    /// <param name="options">Cluster.</param>
    /// <param name="topics">Topics to look for.</param>
    /// <param name="bound">The longest time to wait for a broker.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those missing, in the order asked for.</returns>
    /// <exception cref="TopicUnavailableException">No broker answered within the bound, or refused; the message says why.</exception>
    public static async Task<IReadOnlyList<string>> FindMissingAsync(
        KafkaOptions options, IReadOnlyCollection<string> topics, TimeSpan bound, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(topics);
        var existing = await Task.Factory.StartNew(() => List(options, bound), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        return [.. topics.Where(topic => !existing.Contains(topic)).Distinct()];
    }

    private static HashSet<string> List(KafkaOptions options, TimeSpan bound)
    {
        string? detail = null;
        using var administration = KafkaClients.Build(() => new AdminClientBuilder(KafkaProperties.ForAdministration(options))
            .SetErrorHandler((_, error) => detail = ConnectionAdvice.For(error, options)?.Text ?? detail ?? error.Reason)
            .SetLogHandler((_, line) => detail ??= ConnectionAdvice.ForLine(line))
            .Build());
        try
        {
            // All topics: asking for one by name creates it on clusters that do so.
            return [.. administration.GetMetadata(bound).Topics.Where(topic => !topic.Error.IsError).Select(topic => topic.Topic)];
        }
        catch (KafkaException exception)
        {
            throw new TopicUnavailableException(
                $"No broker of {options.BootstrapServers} answered within {bound.TotalSeconds:0.#} s: {detail ?? exception.Error.Reason}.", exception);
        }
    }
}

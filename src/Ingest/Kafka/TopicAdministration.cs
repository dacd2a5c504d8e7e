using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Creates topics.</summary>
public static class TopicAdministration
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>Creates topics with the broker's default replication and waits until they are known.</summary>
    /// <param name="bootstrapServers">Brokers.</param>
    /// <param name="topics">Names; those that exist already are left as they are.</param>
    /// <param name="partitions">Partitions of each new topic.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TopicUnavailableException">The broker refused, or none answered in 30 seconds.</exception>
    public static async Task CreateAsync(string bootstrapServers, IEnumerable<string> topics, int partitions, CancellationToken cancellationToken)
    {
        string? detail = null;
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers })
            .SetErrorHandler((_, error) => detail ??= error.Reason)
            .SetLogHandler(static (_, _) => { })
            .Build();
        try
        {
            await admin.CreateTopicsAsync(
                topics.Select(t => new TopicSpecification { Name = t, NumPartitions = partitions, ReplicationFactor = -1 }),
                new CreateTopicsOptions { RequestTimeout = Bound, OperationTimeout = Bound }).WaitAsync(Bound * 2, cancellationToken).ConfigureAwait(false);
        }
        catch (CreateTopicsException exception) when (exception.Results.All(r => !r.Error.IsError || r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Every topic is there, which is all that was asked for.
        }
        catch (CreateTopicsException exception)
        {
            var refused = exception.Results.First(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists);
            throw new TopicUnavailableException($"Topic '{refused.Topic}' cannot be created on {bootstrapServers}: {refused.Error.Reason}.", exception);
        }
        catch (Exception exception) when (exception is KafkaException or TimeoutException)
        {
            throw new TopicUnavailableException($"No broker of {bootstrapServers} answered within {Bound.TotalSeconds:0} s: {detail ?? exception.Message}. Check the address.", exception);
        }
    }
}

using AEAnomaly.Ingest.Embedded;

namespace AEAnomaly.TestKit;

/// <summary>The product's embedded cluster as a broker of tests.</summary>
public sealed class EmbeddedBroker : TestBroker
{
    /// <param name="brokers">Brokers, 1 to 16.</param>
    public EmbeddedBroker(int brokers = 1)
    {
        Cluster = EmbeddedCluster.Start(brokers);
    }

    public override BrokerKind Kind => BrokerKind.Embedded;

    public override string BootstrapServers => Cluster.BootstrapServers;

    /// <summary>The cluster itself, for faults on request.</summary>
    public EmbeddedCluster Cluster { get; }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Settings were given; the embedded cluster has none.</exception>
    public override Task CreateTopicAsync(string name, int partitions = 1, IReadOnlyDictionary<string, string>? settings = null)
    {
        if (settings is { Count: > 0 })
        {
            throw new NotSupportedException($"the embedded cluster has no topic settings: {string.Join(", ", settings.Keys)}");
        }

        try
        {
            Cluster.CreateTopic(name, partitions);
        }
        catch (InvalidOperationException exception) when (exception.Message.Contains("TopicAlreadyExists", StringComparison.Ordinal))
        {
            // A client that asked about the topic made the cluster create it: it is there, which is what was asked for.
        }

        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        Cluster.Dispose();
        return base.DisposeAsync();
    }
}

using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AEAnomaly.TestKit;

/// <summary>A Kafka cluster that tests write to and read from.</summary>
public abstract class TestBroker : IAsyncDisposable
{
    private int _names;

    public abstract BrokerKind Kind { get; }

    /// <summary>The addresses clients connect to, <c>host:port[,host:port]</c>.</summary>
    public abstract string BootstrapServers { get; }

    /// <summary>What a client needs beside the addresses, by librdkafka's names.</summary>
    protected virtual IReadOnlyDictionary<string, string> ClientSettings { get; } = new Dictionary<string, string>();

    /// <summary>The configuration that every client begins with.</summary>
    public ClientConfig Client => new(ClientSettings.ToDictionary()) { BootstrapServers = BootstrapServers };

    /// <summary>On how many brokers a topic is kept.</summary>
    protected virtual short ReplicationFactor => 1;

    /// <summary>Creates a topic and returns when clients see it.</summary>
    /// <param name="name">The topic's name.</param>
    /// <param name="partitions">The number of partitions, at least 1.</param>
    /// <param name="settings">Settings of the topic, say <c>cleanup.policy</c>; an embedded cluster has none.</param>
    public virtual async Task CreateTopicAsync(string name, int partitions = 1, IReadOnlyDictionary<string, string>? settings = null)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig(Client)).Build();
        try
        {
            await admin.CreateTopicsAsync(
                [new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = ReplicationFactor, Configs = settings?.ToDictionary() }]);
        }
        catch (CreateTopicsException exception) when (exception.Results.TrueForAll(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // A request is repeated, by the client or by the broker that passes it on, where a controller fell before it answered; the first one may have been done.
        }

        // Creation is answered before every broker's metadata has it; a client that looks sooner reports an unknown topic.
        await Eventually.TrueAsync(
            () => admin.GetMetadata(name, TimeSpan.FromSeconds(5)).Topics is [{ Error.IsError: false } topic] && topic.Partitions.Count == partitions,
            TimeSpan.FromSeconds(20),
            $"topic {name} with {partitions} partitions is visible");
    }

    /// <summary>Deletes a topic and returns when a broker says that it is gone.</summary>
    public async Task DeleteTopicAsync(string name)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig(Client)).Build();
        try
        {
            await admin.DeleteTopicsAsync([name]);
        }
        catch (DeleteTopicsException exception) when (exception.Results.TrueForAll(result => result.Error.Code == ErrorCode.UnknownTopicOrPart))
        {
            // As with creation: what is repeated may have been done.
        }

        await Eventually.TrueAsync(() => IsUnknownAsync(admin, name), TimeSpan.FromSeconds(20), $"topic {name} is gone");
    }

    /// <summary>Creates a topic under a name that no other test of this run uses.</summary>
    /// <returns>The topic's name.</returns>
    public async Task<string> CreateUniqueTopicAsync(string prefix = "topic", int partitions = 1, IReadOnlyDictionary<string, string>? settings = null)
    {
        var name = UniqueName(prefix);
        await CreateTopicAsync(name, partitions, settings);
        return name;
    }

    /// <summary>Makes a name (topic, group, transactional id) that no other test of this run uses, also on a shared cluster.</summary>
    public string UniqueName(string prefix) => $"{prefix}-{Environment.ProcessId}-{Environment.TickCount64:x}-{Interlocked.Increment(ref _names)}";

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    // Asked for by name and past the client's cache: librdkafka 2.16 destroys that cache's tree where it holds all topics of a cluster that makes some anew.
    private static async Task<bool> IsUnknownAsync(IAdminClient admin, string name)
    {
        try
        {
            await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([name]), new DescribeTopicsOptions { RequestTimeout = TimeSpan.FromSeconds(5) });
            return false;
        }
        catch (DescribeTopicsException exception) when (exception.Results.TopicDescriptions.TrueForAll(topic => topic.Error.Code == ErrorCode.UnknownTopicOrPart))
        {
            return true;
        }
    }
}

namespace AEAnomaly.TestKit;

/// <summary>Where brokers that a test controls come from: a container engine, else an unpacked Kafka.</summary>
internal abstract class BrokerSource
{
    private static readonly Lazy<(BrokerSource? Source, string WhyNot)> Found = new(Find);

    /// <summary>This machine's source, or null.</summary>
    public static BrokerSource? Here => Found.Value.Source;

    /// <summary>Why brokers do not come from a better source, or from any; empty when they come from the best.</summary>
    public static string WhyNotBetter => Found.Value.WhyNot;

    /// <summary>Where tests ran, as the end of a sentence.</summary>
    public abstract string Description { get; }

    /// <summary>Makes the brokers of a cluster; starts nothing.</summary>
    /// <param name="count">How many.</param>
    /// <param name="settings">Settings as in <c>server.properties</c>.</param>
    /// <returns>The brokers, and what they share, to be disposed after them.</returns>
    public abstract (BrokerNode[] Nodes, IAsyncDisposable? Shared) Create(int count, IReadOnlyDictionary<string, string> settings);

    private static (BrokerSource?, string) Find()
    {
        var (engine, noEngine) = ContainerEngine.Find();
        if (engine is not null)
            return (engine, "");
        var (unpacked, noKafka) = UnpackedKafka.Find();
        return (unpacked, unpacked is null ? $"{noEngine}; {noKafka}" : noEngine);
    }
}

namespace AEAnomaly.TestKit;

/// <summary>An unpacked Apache Kafka, from which brokers are started as processes.</summary>
internal sealed class UnpackedKafka : BrokerSource
{
    private readonly string _home;

    private UnpackedKafka(string home) => _home = home;

    public override string Description => $"on an unpacked Kafka: {_home}";

    /// <summary>Looks where the environment says.</summary>
    /// <returns>The Kafka, or why there is none.</returns>
    public static (UnpackedKafka? Kafka, string WhyNot) Find()
    {
        if (TestEnvironment.KafkaHome is not { } home)
            return (null, $"no unpacked Kafka: {TestEnvironment.KafkaHomeVariable} is not set");
        if (!Directory.Exists(Path.Combine(home, "libs")))
            return (null, $"no unpacked Kafka: {TestEnvironment.KafkaHomeVariable} is '{home}', which has no folder libs");
        return TestEnvironment.FindTool("java") is null
            ? (null, "no unpacked Kafka: 'java' (17 or later; Debian: openjdk-17-jre-headless) is not on the PATH")
            : (new UnpackedKafka(home), "");
    }

    public override (BrokerNode[] Nodes, IAsyncDisposable? Shared) Create(int count, IReadOnlyDictionary<string, string> settings)
    {
        var ports = FreePorts.Take(2 * count);
        var controllers = ports[count..];
        // Kafka's cluster ids are 16 random bytes in URL-safe base64.
        var cluster = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return ([.. controllers.Select((_, index) => new UnpackedBroker(_home, cluster, index + 1, ports[index], controllers, settings))], null);
    }
}

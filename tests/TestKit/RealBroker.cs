using System.Globalization;
using Confluent.Kafka;

namespace AEAnomaly.TestKit;

/// <summary>
/// An Apache Kafka of a test's own, one broker or several (each KRaft broker and controller in one), from where this machine has it
/// (<see cref="TestEnvironment"/>). Its brokers can be stopped, killed, frozen and started again at the same address with the same data;
/// disposing it kills them and deletes the data.
/// </summary>
public sealed class RealBroker : TestBroker
{
    private static readonly TimeSpan ServeBound = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(60);

    // A virtual machine of Java takes all of a small machine's processors while it starts: several at once start no sooner, and everything that has a bound waits.
    private static readonly SemaphoreSlim Starting = new(1);

    private readonly BrokerNode[] _nodes;
    private readonly IAsyncDisposable? _shared;

    private RealBroker(BrokerNode[] nodes, IAsyncDisposable? shared)
    {
        _nodes = nodes;
        _shared = shared;
    }

    public override BrokerKind Kind => BrokerKind.Real;

    public override string BootstrapServers => string.Join(',', _nodes.Select(node => node.Address));

    protected override short ReplicationFactor => Replicas(_nodes.Length);

    /// <summary>Starts brokers and waits until they serve clients.</summary>
    /// <param name="settings">Further settings as in <c>server.properties</c>, which override the kit's own; listeners, where <paramref name="inThisFileSystem"/>, are added to it.</param>
    /// <param name="brokers">How many brokers.</param>
    /// <param name="inThisFileSystem">Whether the test looks at the brokers' files, so that containers will not do.</param>
    /// <exception cref="InvalidOperationException">This machine has no Kafka, or a broker did not start; the message has its log.</exception>
    public static async Task<RealBroker> StartAsync(IReadOnlyDictionary<string, string>? settings = null, int brokers = 1, bool inThisFileSystem = false)
    {
        var source = (inThisFileSystem ? UnpackedKafka.Find().Item1 : BrokerSource.Here) ?? throw new InvalidOperationException(BrokerSource.WhyNotBetter);
        var all = Settings(brokers);
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
            all[key] = value;
        var (nodes, shared) = source.Create(brokers, all);
        var broker = new RealBroker(nodes, shared);
        await Starting.WaitAsync();
        try
        {
            // Together, since each waits for a quorum.
            await Task.WhenAll(nodes.Select(node => node.StartAsync()));
            await Task.WhenAll(nodes.Select(node => ServesAsync(node, nodes)));
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
        finally
        {
            Starting.Release();
        }
    }

    /// <summary>Stops a broker in an orderly way (SIGTERM) and waits until it has ended.</summary>
    /// <param name="broker">Its id, from 1.</param>
    public Task StopAsync(int broker = 1) => EndAsync(broker, node => node.TerminateAsync(), "SIGTERM");

    /// <summary>Kills a broker (SIGKILL), as a crash would, and waits until it is gone.</summary>
    /// <param name="broker">Its id, from 1.</param>
    public Task KillAsync(int broker = 1) => EndAsync(broker, node => node.KillAsync(), "SIGKILL");

    /// <summary>Freezes a broker: its connections stay open and nothing answers.</summary>
    /// <param name="broker">Its id, from 1.</param>
    public async Task PauseAsync(int broker = 1) => await (await RunningAsync(broker)).PauseAsync();

    /// <summary>Lets a frozen broker go on.</summary>
    /// <param name="broker">Its id, from 1.</param>
    public async Task ResumeAsync(int broker = 1) => await (await RunningAsync(broker)).ResumeAsync();

    /// <summary>Starts a stopped or killed broker again and waits until it serves clients.</summary>
    /// <param name="broker">Its id, from 1.</param>
    /// <exception cref="InvalidOperationException">It still runs, or it did not start.</exception>
    public async Task StartAgainAsync(int broker = 1)
    {
        var node = _nodes[broker - 1];
        if (await node.IsRunningAsync())
            throw new InvalidOperationException($"broker {broker} still runs: stop or kill it first");
        await node.StartAsync();
        await ServesAsync(node, [node]);
    }

    /// <summary>Whether a broker lives, frozen or not.</summary>
    /// <param name="broker">Its id, from 1.</param>
    public Task<bool> IsRunningAsync(int broker = 1) => _nodes[broker - 1].IsRunningAsync();

    public override async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_shared is not null)
            await _shared.DisposeAsync();
        await base.DisposeAsync();
    }

    private static short Replicas(int brokers) => (short)Math.Min(3, brokers);

    private static Dictionary<string, string> Settings(int brokers)
    {
        var replicas = Replicas(brokers).ToString(CultureInfo.InvariantCulture);
        var inSync = ((Replicas(brokers) / 2) + 1).ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            ["min.insync.replicas"] = inSync,
            ["offsets.topic.replication.factor"] = replicas,
            ["offsets.topic.num.partitions"] = "4",
            ["transaction.state.log.replication.factor"] = replicas,
            ["transaction.state.log.min.isr"] = inSync,
            ["transaction.state.log.num.partitions"] = "4",
            ["share.coordinator.state.topic.replication.factor"] = replicas,
            ["share.coordinator.state.topic.min.isr"] = inSync,
            // A killed broker is let back in when its old session has ended: nine seconds by default.
            ["broker.session.timeout.ms"] = "2000",
            ["broker.heartbeat.interval.ms"] = "500",
            ["group.initial.rebalance.delay.ms"] = "0",
            ["auto.create.topics.enable"] = "false",
            ["num.network.threads"] = "2",
            ["num.io.threads"] = "2",
            ["log.cleaner.threads"] = "1",
        };
    }

    private async Task EndAsync(int broker, Func<BrokerNode, Task> end, string signal)
    {
        var node = await RunningAsync(broker);
        await end(node);
        await Eventually.TrueAsync(async () => !await node.IsRunningAsync(), EndBound, $"broker {broker} has ended after {signal}");
    }

    private async Task<BrokerNode> RunningAsync(int broker) => await _nodes[broker - 1].IsRunningAsync()
        ? _nodes[broker - 1]
        : throw new InvalidOperationException($"broker {broker} does not run");

    // A broker answers at its address once it is let into its cluster in this life; what its log says may be from the life before.
    private static async Task ServesAsync(BrokerNode node, BrokerNode[] visible)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = node.Address, ReconnectBackoffMaxMs = 200 })
            .SetLogHandler((_, _) => { }) // refused connections are expected until it listens
            .Build();
        var serves = false;
        try
        {
            await Eventually.TrueAsync(
                async () => (serves = SeesAll(admin, visible)) || !await node.IsRunningAsync(), ServeBound, $"broker {node.Id} serves clients");
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}; its log ends with:\n{await node.ReadLogTailAsync()}", exception);
        }

        if (!serves)
            throw new InvalidOperationException($"broker {node.Id} ended instead of serving clients; its log ends with:\n{await node.ReadLogTailAsync()}");
    }

    private static bool SeesAll(IAdminClient admin, BrokerNode[] visible)
    {
        try
        {
            var brokers = admin.GetMetadata(TimeSpan.FromSeconds(1)).Brokers.Select(broker => broker.BrokerId).ToHashSet();
            return visible.All(node => brokers.Contains(node.Id));
        }
        catch (KafkaException)
        {
            return false;
        }
    }
}

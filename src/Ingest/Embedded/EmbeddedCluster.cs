using System.Runtime.InteropServices;
using AEAnomaly.Ingest.Native;

namespace AEAnomaly.Ingest.Embedded;

/// <summary>Runs a small Kafka cluster inside this process: real TCP on loopback, real clients, no disk and no Java. For demos and for tests with faults.</summary>
/// <remarks>
/// It is the mock cluster that librdkafka tests itself with (rdkafka_mock.h). Its limits, measured on 2.15.1:
/// <list type="bullet">
/// <item>A partition keeps 5 MiB or 100,000 message sets; the oldest are dropped at once, so a producer that outruns its reader loses records.</item>
/// <item>Topics that are not created here create themselves with 4 partitions on first use; there is no topic administration, TLS, SASL, compaction or retention by time.</item>
/// <item>A look-up of offsets by time always answers "end".</item>
/// <item>Transactions are hollow: offsets sent to one are not stored, and aborted records stay visible.</item>
/// </list>
/// Clients do best with <c>fetch.wait.max.ms=10</c> and <c>session.timeout.ms=6000</c>: the mock answers an empty fetch only after the whole wait.
/// All members may be called by any thread.
/// </remarks>
public sealed unsafe class EmbeddedCluster : IDisposable
{
    /// <summary>Stands for every broker in <see cref="SetBrokerDown"/>, <see cref="SetBrokerUp"/> and <see cref="SetRoundTripTime"/>.</summary>
    public const int AllBrokers = -1;

    private const int ProducerType = 0;
    private const int RebalanceDelayMs = 100;

    private readonly Lock _gate = new();
    private nint _client;
    private nint _cluster;

    private EmbeddedCluster(nint client, nint cluster)
    {
        _client = client;
        _cluster = cluster;
        BootstrapServers = Marshal.PtrToStringUTF8(Librdkafka.MockClusterBootstraps(cluster))!;
    }

    /// <summary>Gets the addresses clients connect to: "127.0.0.1:port[,...]", ports chosen by the operating system.</summary>
    public string BootstrapServers { get; }

    /// <summary>Starts a cluster; takes a few milliseconds.</summary>
    /// <param name="brokers">Brokers, 1 to 16; their ids count from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of brokers is out of range.</exception>
    /// <exception cref="InvalidOperationException">librdkafka could not start it.</exception>
    public static EmbeddedCluster Start(int brokers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(brokers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(brokers, 16);
        Librdkafka.EnsureLoaded();

        var configuration = Librdkafka.ConfigurationNew();
        // Without a callback librdkafka writes its log to standard error; the owner has nothing to say that a client would not report too.
        Librdkafka.ConfigurationSetLogCallback(configuration, 0);
        const int ErrorSize = 512;
        var error = stackalloc byte[ErrorSize];
        var client = Librdkafka.ClientNew(ProducerType, configuration, error, ErrorSize);
        if (client == 0)
        {
            Librdkafka.ConfigurationDestroy(configuration);
            throw new InvalidOperationException($"The embedded cluster could not start: {Marshal.PtrToStringUTF8((nint)error)}");
        }

        var cluster = Librdkafka.MockClusterNew(client, brokers);
        if (cluster == 0)
        {
            Librdkafka.ClientDestroy(client);
            throw new InvalidOperationException($"The embedded cluster could not start {brokers} broker(s): loopback ports could not be opened.");
        }

        // The mock waits 3 s for more members before a group's first assignment; nobody here gains from that.
        Librdkafka.MockGroupInitialRebalanceDelay(cluster, RebalanceDelayMs);
        return new EmbeddedCluster(client, cluster);
    }

    /// <summary>Creates a topic with one replica of each partition.</summary>
    /// <param name="name">Name.</param>
    /// <param name="partitions">Partitions, at least 1.</param>
    /// <exception cref="InvalidOperationException">The topic exists already, or the name is not allowed.</exception>
    public void CreateTopic(string name, int partitions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        Check(cluster => Librdkafka.MockTopicCreate(cluster, name, partitions, 1), $"create topic '{name}' with {partitions} partition(s)");
    }

    /// <summary>Takes a broker down: its connections break, new ones are refused. What it stored stays.</summary>
    /// <param name="brokerId">Id from 1, or <see cref="AllBrokers"/>.</param>
    /// <exception cref="InvalidOperationException">There is no such broker.</exception>
    public void SetBrokerDown(int brokerId = AllBrokers) =>
        Check(cluster => Librdkafka.MockBrokerSetDown(cluster, brokerId), $"take broker {brokerId} down");

    /// <summary>Brings a broker back.</summary>
    /// <param name="brokerId">Id from 1, or <see cref="AllBrokers"/>.</param>
    /// <exception cref="InvalidOperationException">There is no such broker.</exception>
    public void SetBrokerUp(int brokerId = AllBrokers) =>
        Check(cluster => Librdkafka.MockBrokerSetUp(cluster, brokerId), $"bring broker {brokerId} up");

    /// <summary>Delays a broker's answers.</summary>
    /// <param name="roundTrip">Time each answer is held back, whole milliseconds.</param>
    /// <param name="brokerId">Id from 1, or <see cref="AllBrokers"/>.</param>
    /// <exception cref="InvalidOperationException">There is no such broker.</exception>
    public void SetRoundTripTime(TimeSpan roundTrip, int brokerId = AllBrokers) =>
        Check(cluster => Librdkafka.MockBrokerSetRoundTripTime(cluster, brokerId, (int)roundTrip.TotalMilliseconds), $"delay broker {brokerId}");

    /// <summary>Answers the next requests of a kind with errors, one each.</summary>
    /// <param name="apiKey">Request kind by the Kafka protocol: 0 Produce, 1 Fetch, 3 Metadata, 8 OffsetCommit, 11 JoinGroup, 22 InitProducerId, ...</param>
    /// <param name="codes">Error codes of the protocol (7 request timed out, 10 message too large, ...), 0 for a request that works, -195 to break the connection.</param>
    public void PushErrors(short apiKey, params int[] codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_cluster == 0, this);
            fixed (int* errors = codes)
                Librdkafka.MockPushRequestErrors(_cluster, apiKey, (nuint)codes.Length, errors);
        }
    }

    /// <summary>Takes back the errors that <see cref="PushErrors"/> queued and no request has met yet.</summary>
    /// <param name="apiKey">Request kind.</param>
    public void ClearErrors(short apiKey)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_cluster == 0, this);
            Librdkafka.MockClearRequestErrors(_cluster, apiKey);
        }
    }

    /// <summary>Stops the brokers and frees what they stored.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_cluster == 0)
                return;
            Librdkafka.MockClusterDestroy(_cluster);
            Librdkafka.ClientDestroy(_client);
            _cluster = 0;
            _client = 0;
        }
    }

    private void Check(Func<nint, int> call, string what)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_cluster == 0, this);
            var code = call(_cluster);
            if (code != 0)
                throw new InvalidOperationException($"The embedded cluster could not {what}: {(Confluent.Kafka.ErrorCode)code}.");
        }
    }
}

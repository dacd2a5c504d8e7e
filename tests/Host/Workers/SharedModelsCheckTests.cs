using AEAnomaly.Host.Daemon;
using AEAnomaly.Host.Workers;
using AEAnomaly.Ingest.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AEAnomaly.Host.Tests.Workers;

/// <summary>It is said, once, when others of the group have models of their own.</summary>
public sealed class SharedModelsCheckTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _log = [];
    private readonly ConsumerStatus _status = new(ConsumerState.Running, 1, 3, true, default, 0, true, null);
    private bool _sharesModels;

    [Fact]
    public void Look_OthersReadSomeAndNoneSharesTheModels_SaysSoOnceAfterAMinute()
    {
        var check = Check();

        Pass(check, seconds: 59);
        Assert.Empty(_log);
        Pass(check, seconds: 600);

        Assert.Equal(
            "Detector payments: others of the group fraud.payments read 2 of its 3 partitions, and none of them keeps its models in /models: each process trains its own, "
            + "and they may judge the same record differently. Let models.directory of all be one folder that all can write",
            Assert.Single(_log));
    }

    [Fact]
    public void Look_OthersShareTheModels_SaysNothing()
    {
        _sharesModels = true;
        var check = Check();

        Pass(check, seconds: 600);

        Assert.Empty(_log);
    }

    [Fact]
    public void Look_AnotherIsSeenInBetween_CountsAnew()
    {
        var check = Check();
        Pass(check, seconds: 50);
        _sharesModels = true;
        Pass(check, seconds: 10);
        _sharesModels = false;

        Pass(check, seconds: 50);

        Assert.Empty(_log);
    }

    [Theory]
    [InlineData(3, 3, true, ConsumerState.Running, null, false)]
    [InlineData(2, 3, true, ConsumerState.Running, null, true)]
    [InlineData(2, 3, true, ConsumerState.Running, "something to know", true)]
    [InlineData(2, 3, false, ConsumerState.Running, null, false)]
    [InlineData(0, 3, true, ConsumerState.Spare, null, true)]
    [InlineData(0, 3, true, ConsumerState.Joining, null, false)]
    [InlineData(0, 3, true, ConsumerState.Joining, "the group cannot be joined", false)]
    [InlineData(0, 3, true, ConsumerState.Failed, null, false)]
    [InlineData(0, 0, true, ConsumerState.Spare, null, false)]
    public void LeavesSomeToOthers_Status_IsTrueWhereAnotherMemberHasPartitions(int assigned, int partitions, bool reachable, ConsumerState state, string? error, bool expected) =>
        Assert.Equal(expected, SharedModelsCheck.LeavesSomeToOthers(_status with { AssignedPartitions = assigned, TopicPartitions = partitions, BrokerReachable = reachable, State = state, LastError = error }));

    private void Pass(SharedModelsCheck check, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            check.Look();
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private SharedModelsCheck Check()
    {
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(new LineLoggerProvider(_log.Add)));
        return new SharedModelsCheck([new ReplicaView("payments", "fraud.payments", () => _status, () => _sharesModels)], "/models", _time, logs.CreateLogger<SharedModelsCheck>());
    }
}

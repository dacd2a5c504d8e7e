using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Two replicas share a group on three brokers; replicas are killed, join and leave, brokers are killed and started again, while records stream.</summary>
public sealed class ClusterKillTests
{
    /// <summary>How often something is disturbed: 12 times, or as AEANOMALY_TEST_KILLS says.</summary>
    private static readonly int Disturbances = KillScene.KillsOr(12);

    /// <summary>Each so manyth time it is a broker.</summary>
    private const int BrokerTurn = 6;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    [RealBrokerTheory(needsControl: true)]
    [InlineData("at_least_once")]
    [InlineData("exactly_once")]
    public async Task Run_ReplicasAndBrokersKilledWhileRecordsStream_MissesNoneAndRepeatsNoneOrOnlyTheSame(string delivery)
    {
        await using var brokers = await RealBroker.StartAsync(brokers: 3);
        using var folder = new TemporaryFolder();
        var scene = await KillScene.CreateAsync(brokers, folder, delivery);
        await scene.TrainAsync(Bound);

        ProductProcess?[] replicas = [scene.Start(0), null];
        try
        {
            using var writing = new CancellationTokenSource();
            var stream = scene.StreamAsync(writing.Token);
            var random = new Random(29);
            for (var turn = 0; turn < Disturbances; turn++)
            {
                await Task.Delay(random.Next(500, 2_000));
                if (turn % BrokerTurn == BrokerTurn - 1)
                    await DisturbBrokerAsync(brokers, random);
                else
                    await DisturbReplicaAsync(scene, replicas, random);
            }

            foreach (var replica in replicas.OfType<ProductProcess>())
                await replica.KillAsync();
            await writing.CancelAsync();
            await stream;
        }
        finally
        {
            foreach (var replica in replicas)
                replica?.Dispose();
        }

        await scene.DrainAsync(Bound);
        KillAccount.Of(scene).AssertHolds(
            delivery, $"{Disturbances - (Disturbances / BrokerTurn)} kills, leavings and joinings of two replicas, {Disturbances / BrokerTurn} kills of one of three brokers");
    }

    // One joins that is not there; one that is there leaves in order, or is killed and, as a service manager does it, started again.
    private static async Task DisturbReplicaAsync(KillScene scene, ProductProcess?[] replicas, Random random)
    {
        var slot = random.Next(replicas.Length);
        if (replicas[slot] is not { } running)
        {
            replicas[slot] = scene.Start(slot);
            return;
        }

        // The other has all the work then.
        var leaves = replicas[1 - slot] is not null && random.Next(3) == 0;
        if (leaves)
            Assert.Equal(0, await running.TerminateAsync(Bound));
        else
            await running.KillAsync();
        running.Dispose();
        replicas[slot] = leaves ? null : scene.Start(slot);
    }

    private static async Task DisturbBrokerAsync(RealBroker brokers, Random random)
    {
        var broker = random.Next(1, 4);
        await brokers.KillAsync(broker);
        await Task.Delay(random.Next(3_000));
        await brokers.StartAgainAsync(broker);
    }
}

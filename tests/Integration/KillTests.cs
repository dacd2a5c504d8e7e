using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>The daemon is killed again and again while records stream; a checker holds what it published against what was written.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class KillTests(BrokerFixture fixture)
{
    /// <summary>How often it is killed: 30 times, or as AEANOMALY_TEST_KILLS says.</summary>
    private static readonly int Kills = KillScene.KillsOr(30);

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    [RealBrokerTheory]
    [InlineData("at_least_once")]
    [InlineData("exactly_once")]
    public async Task Run_KilledWhileRecordsStream_MissesNoneAndRepeatsNoneOrOnlyTheSame(string delivery)
    {
        using var folder = new TemporaryFolder();
        var scene = await KillScene.CreateAsync(fixture.Broker, folder, delivery);
        await scene.TrainAsync(Bound);

        using (var writing = new CancellationTokenSource())
        {
            var stream = scene.StreamAsync(writing.Token);
            var random = new Random(17);
            for (var kill = 0; kill < Kills; kill++)
            {
                using var daemon = scene.Start();
                // Some at any moment of the start, most while it judges.
                if (random.Next(4) > 0)
                    await scene.JudgesAsync(daemon, Bound);
                await Task.Delay(random.Next(1_500));
                await daemon.KillAsync();
            }

            await writing.CancelAsync();
            await stream;
        }

        await scene.DrainAsync(Bound);
        KillAccount.Of(scene).AssertHolds(delivery, $"{Kills} kills of one process");
    }
}

using System.Net;
using System.Text;
using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>A detector that stopped because of too many dead letters, seen from outside, and told to go on by the command line.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class DeadLetterLimitTests(BrokerFixture brokers)
{
    [Fact]
    public async Task Resume_AfterTooManyDeadLetters_IsNotReadyUntilThenAndScoresAgain()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker, partitions: 1);
        harness.Detector.DeadLetterLimit.Window = 100;
        var readings = new MeterReadings(23);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        var early = await CommandRun.Of("resume", "meters", "--url", harness.Address);
        Assert.Equal(1, early.ExitCode);
        Assert.Contains("'meters' has not stopped because of dead letters; there is nothing to resume.", early.Error, StringComparison.Ordinal);

        using (var writer = new TopicWriter(harness.Broker, harness.Topic))
        {
            for (var i = 0; i < 200; i++)
                writer.Write("m"u8.ToArray(), Encoding.UTF8.GetBytes("""{"meter":"m","reading":{"current":"much"}}"""));
        }

        await Eventually.TrueAsync(async () => (await harness.GetAsync("health/ready")).Code == HttpStatusCode.ServiceUnavailable, DaemonHarness.Bound, "it is not ready", () => harness.Log);
        var one = (await harness.GetAsync("health/ready")).Body.GetProperty("detectors")[0];
        Assert.Equal("halted", one.GetProperty("state").GetString());
        Assert.Contains("went to the dead letters, more than dead_letter_limit allows (0.5 of 100)", one.GetProperty("last_error").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await harness.GetAsync("health/live")).Code);
        using var client = new HttpClient { BaseAddress = new Uri(harness.Address) };
        Assert.Contains("aeanomaly_consumer_paused{detector=\"meters\",reason=\"dead_letters\"} 1", await client.GetStringAsync("metrics"), StringComparison.Ordinal);

        harness.Write(readings, 100);
        await Eventually.TrueAsync(
            async () =>
            {
                // Where the bad ones came in several turns, those that are left stop it again.
                if ((await harness.GetAsync("health/ready")).Code != HttpStatusCode.OK)
                    await CommandRun.Of("resume", "meters", "--url", harness.Address);
                return harness.Scored == DaemonHarness.TrainingRecords + 100;
            },
            DaemonHarness.Bound, "it goes on", () => harness.Log);
        Assert.Equal(200, harness.DeadLettered);
        Assert.Equal(HttpStatusCode.OK, (await harness.GetAsync("health/ready")).Code);
    }
}

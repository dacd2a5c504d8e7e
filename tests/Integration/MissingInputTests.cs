using System.Net;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Topics without records, and topics that are not there: the daemon says what it waits for, and goes on when it comes.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class MissingInputTests(BrokerFixture brokers)
{
    [Fact]
    public async Task Run_EmptyTopic_SaysWhatItWaitsForThenScoresEveryRecord()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        await harness.StartAsync();

        await harness.SaysAsync("waiting for 1,500 records, 0 so far");
        await AssertAliveButNotReadyAsync(harness);

        harness.Write(new MeterReadings(31), DaemonHarness.TrainingRecords);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        Assert.Equal(HttpStatusCode.OK, (await harness.GetAsync("/health/ready")).Code);
    }

    [Fact]
    public async Task Run_TopicThatDoesNotExist_SaysSoAndGoesOnWhenItIsCreated()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker, partitions: 0);
        await harness.StartAsync();

        var problem = $"topic '{harness.Topic}' does not exist; create it, or correct the detector's topics";
        var consumer = harness.Daemon.State.Detectors[0].Consumer;
        await Eventually.TrueAsync(
            () => consumer.Status.LastError?.Contains(problem, StringComparison.Ordinal) == true, DaemonHarness.Bound, problem, () => $"{consumer.Status}, log:\n{harness.Log}");
        Assert.Contains($"topic '{harness.Topic}' does not exist", harness.Log, StringComparison.Ordinal);
        var body = await AssertAliveButNotReadyAsync(harness);
        Assert.Contains(problem, body.GetProperty("last_error").GetString(), StringComparison.Ordinal);

        await harness.Broker.CreateTopicAsync(harness.Topic, 2);
        harness.Write(new MeterReadings(32), DaemonHarness.TrainingRecords);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        await Eventually.TrueAsync(() => consumer.Status.LastError is null, DaemonHarness.Bound, "nothing is wrong any more", () => consumer.Status.ToString());
    }

    private static async Task<System.Text.Json.JsonElement> AssertAliveButNotReadyAsync(DaemonHarness harness)
    {
        Assert.Null(harness.Daemon.Failure);
        Assert.Equal(HttpStatusCode.OK, (await harness.GetAsync("/health/live")).Code);
        var (code, body) = await harness.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
        return body.GetProperty("detectors")[0];
    }
}

using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Integration.Tests;

/// <summary>What happens when a broker goes away: the daemon says so, waits, and goes on.</summary>
public sealed class BrokerOutageTests
{
    [RealBrokerFact(needsControl: true)]
    public async Task BrokerStopped_InTheMiddleOfAStream_IsWaitedForAndNothingIsMissing()
    {
        await using var broker = await RealBroker.StartAsync();
        await using var harness = await DaemonHarness.CreateAsync(broker);
        var readings = new MeterReadings(7);
        harness.Write(readings, DaemonHarness.TrainingRecords + 200);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 200);

        await broker.StopAsync();
        var consumer = harness.Daemon.State.Detectors[0].Consumer;
        await Eventually.TrueAsync(() => !consumer.Status.BrokerReachable, DaemonHarness.Bound, "the daemon notices", () => consumer.Status.ToString());
        Assert.NotNull(consumer.Status.LastError);
        Assert.Contains("no broker of", harness.Log, StringComparison.Ordinal);
        Assert.Null(harness.Daemon.Failure);

        await broker.StartAgainAsync();
        harness.Write(readings, 500, faulty: 3);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 703);
        Assert.True(consumer.Status.BrokerReachable);
        harness.ReadAlerts(Enumerable.Range(DaemonHarness.TrainingRecords + 700, 3));
    }

    [RealBrokerFact(needsControl: true)]
    public async Task BrokerKilledThenPaused_WhileRecordsStream_LosesNoRecord()
    {
        await using var broker = await RealBroker.StartAsync();
        await using var harness = await DaemonHarness.CreateAsync(broker);
        var readings = new MeterReadings(8);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);

        harness.Write(readings, 20_000, faulty: 3);
        await broker.KillAsync();
        await broker.StartAgainAsync();
        harness.Write(readings, 1_000, faulty: 3);

        // At least once: some may come twice, none may be missing.
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 21_006);
        harness.ReadAlerts([.. Enumerable.Range(DaemonHarness.TrainingRecords + 20_000, 3), .. Enumerable.Range(DaemonHarness.TrainingRecords + 21_003, 3)]);

        harness.Write(readings, 20_000, faulty: 3);
        await broker.PauseAsync();
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build())
            Assert.Throws<KafkaException>(() => admin.GetMetadata(TimeSpan.FromSeconds(2)));
        Assert.Null(harness.Daemon.Failure);
        await broker.ResumeAsync();
        harness.Write(readings, 1_000, faulty: 3);

        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 42_012);
        harness.ReadAlerts([.. Enumerable.Range(DaemonHarness.TrainingRecords + 41_006, 3), .. Enumerable.Range(DaemonHarness.TrainingRecords + 42_009, 3)]);
    }

    [RealBrokerFact(needsControl: true)]
    public async Task OneOfThreeBrokersKilled_WhileRecordsStream_GoesOnWithTheOthersAndLosesNoRecord()
    {
        await using var brokers = await RealBroker.StartAsync(brokers: 3);
        await using var harness = await DaemonHarness.CreateAsync(brokers);
        var readings = new MeterReadings(9);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);

        // Three partitions on three brokers: each leads one.
        harness.Write(readings, 5_000, faulty: 3);
        await brokers.KillAsync(2);
        harness.Write(readings, 5_000, faulty: 3);

        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 10_006);
        Assert.False(await brokers.IsRunningAsync(2));
        Assert.Null(harness.Daemon.Failure);
        harness.ReadAlerts([.. Enumerable.Range(DaemonHarness.TrainingRecords + 5_000, 3), .. Enumerable.Range(DaemonHarness.TrainingRecords + 10_003, 3)]);

        await brokers.StartAgainAsync(2);
        await brokers.KillAsync(3);
        harness.Write(readings, 1_000, faulty: 3);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 11_009);
        harness.ReadAlerts(Enumerable.Range(DaemonHarness.TrainingRecords + 11_006, 3));
    }
}
